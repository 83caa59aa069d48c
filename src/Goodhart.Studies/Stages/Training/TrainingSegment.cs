using System.Globalization;
using Goodhart.Engine;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.HuggingFace;
using Goodhart.Pipeline;
using Goodhart.Studies.Steps;

namespace Goodhart.Studies.Stages.Training;

/// <summary>Part of a training run, from one stored state to the next: weights and optimizer state in, the same out.</summary>
/// <remarks>Where a run is cut changes no bit of its result, only how much an interruption costs.</remarks>
public abstract record TrainingSegment : Step<SegmentResult>
{
    /// <summary>What the run starts from.</summary>
    public required ModelSource Model { get; init; }

    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Of the data order.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Updates done at the end of this part.</summary>
    public required int End { get; init; }

    public TrainingSegment? Previous { get; init; }

    /// <summary>False for weights that go once every step that reads them is stored.</summary>
    [NotInKey]
    public bool KeepsWeights { get; init; } = true;

    /// <summary>Whether the optimizer's state stays though the next part has read it.</summary>
    [NotInKey]
    public bool KeepsOptimizer { get; init; }

    /// <summary>Updates of the whole run.</summary>
    [NotInKey]
    public required int TotalSteps { get; init; }

    /// <summary>The same, where the learning rate depends on it and so the result; otherwise a longer run goes on from a shorter one.</summary>
    public int? ScheduledSteps { get; init; }

    /// <summary>Token rows that are computed at once.</summary>
    [NotInKey]
    public required int RowBudget { get; init; }

    [NotInKey]
    public required SegmentSize Size { get; init; }

    /// <summary>Which of several models this is, in front of labels; empty where there is one.</summary>
    [NotInKey]
    public string ModelName { get; init; } = "";

    public override string Label => string.Create(CultureInfo.InvariantCulture, $"{Kind}{(ModelName.Length == 0 ? "" : " " + ModelName)} to update {End} of {TotalSteps}");

    public override double EstimatedCost => (End - Start) * Size.FlopsPerUpdate;

    public override long EstimatedBytes => (KeepsWeights ? Size.WeightBytes : 0) + (KeepsOptimizer ? Size.OptimizerBytes : 0);

    public override IReadOnlyList<string> DisposableFiles =>
        [.. KeepsOptimizer ? (string[])[] : [ModelFiles.Optimizer], .. KeepsWeights ? (string[])[] : [ModelFiles.Model]];

    public override IReadOnlyList<FileNeed> Needs =>
        Previous is null ? Model.Needs : [new(Previous, ModelFiles.Optimizer), new(Previous, ModelFiles.Model)];

    private protected abstract string Kind { get; }

    private int Start => Previous?.End ?? 0;

    protected override Task<SegmentResult> RunAsync(StepContext context, CancellationToken cancel)
    {
        if (Recipe.LearningRate.DependsOnLength && ScheduledSteps != TotalSteps)
        {
            throw new InvalidOperationException($"{Recipe.LearningRate.Name} depends on the run's length, which the key does not hold.");
        }

        string start = Previous is null ? Model.PathIn(context) : context.FileOf(Previous, ModelFiles.Model);
        using GptNeoXModel model = GptNeoXFolder.Load(context.Service<IDevice>(), start, training: true);
        using SegmentTrainer trainer = CreateTrainer(context, model);
        if (Previous is not null)
        {
            ModelFiles.Restore(context.DirectoryOf(Previous), trainer.Updater.State, Previous.End);
        }

        SegmentResult result = new(End, Run(trainer, context, cancel));
        string folder = Path.Combine(context.OutputDirectory, ModelFiles.Model);
        Directory.CreateDirectory(folder);
        GptNeoXFolder.SaveInto(model, folder, new SaveOptions { CarryFrom = start });
        ModelFiles.SaveOptimizer(context.OutputDirectory, trainer.Updater.State);
        return Task.FromResult(result);
    }

    private protected abstract SegmentTrainer CreateTrainer(StepContext context, GptNeoXModel model);

    private List<MetricRow> Run(SegmentTrainer trainer, StepContext context, CancellationToken cancel)
    {
        DataOrder order = new(trainer.Rows, Recipe.BatchSize, Seed);
        RunProgress progress = new(context, Start, End);
        IMetricsSink sink = context.Service<IMetricsSink>();
        List<MetricRow> log = [];
        for (int step = Start; step < End; step++)
        {
            cancel.ThrowIfCancellationRequested();
            (long tokens, Dictionary<string, double> metrics) = trainer.Step(order.Batch(step), TotalSteps);
            MetricRow row = new(step + 1, (step + 1.0) / order.UpdatesPerEpoch, metrics);
            log.Add(row);
            sink.Write(row);
            progress.Update(step + 1, tokens, string.Create(CultureInfo.InvariantCulture, $"update {step + 1}/{TotalSteps}"), metrics);
        }

        return log;
    }
}
