using System.Globalization;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Training;

/// <summary>Part of a run that trains on a file's rows, in an order addressed by seed and epoch.</summary>
public abstract record RowSegment : TrainingSegment
{
    protected override Task<SegmentResult> RunAsync(StepContext context, CancellationToken cancel)
    {
        RequireScheduledSteps();
        using LanguageModel model = Load(context);
        using SegmentTrainer trainer = CreateTrainer(context, model);
        if (Previous is not null)
        {
            ModelFiles.Restore(context.DirectoryOf(Previous), trainer.Updater.State, Previous.End);
        }

        SegmentResult result = new(End, Run(trainer, context, cancel));
        Save(context, model, Source);
        ModelFiles.SaveOptimizer(context.OutputDirectory, trainer.Updater.State);
        return Task.FromResult(result);
    }

    /// <summary>The model that the part goes on from, ready to be trained.</summary>
    private protected virtual LanguageModel Load(StepContext context) => LoadPolicy(context);

    /// <summary>Where the rows come from.</summary>
    private protected abstract RowSource Source { get; }

    /// <inheritdoc cref="IPairRows.Parts"/>
    private protected virtual int Parts => 1;

    private protected abstract SegmentTrainer CreateTrainer(StepContext context, LanguageModel model);

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
            MetricRow row = new(step + 1, (step + 1.0) / order.UpdatesPerEpoch / Parts, metrics);
            log.Add(row);
            sink.Write(row);
            progress.Update(step + 1, tokens, string.Create(CultureInfo.InvariantCulture, $"update {step + 1}/{TotalSteps}"), metrics);
        }

        return log;
    }
}
