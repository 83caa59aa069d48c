using System.Globalization;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Adapters;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Training;

/// <summary>Part of a training run, from one stored state to the next: weights and optimizer state in, the same out.</summary>
/// <remarks>Where a run is cut changes no bit of its result, only how much an interruption costs.</remarks>
public abstract record TrainingSegment : Step<SegmentResult>, IAdaptingStep
{
    /// <summary>What the run starts from.</summary>
    public required ModelSource Model { get; init; }

    /// <summary>The adapter that is trained beside the frozen weights of <see cref="Model"/>; null: the weights themselves, or an adapter's
    /// where
    /// the model is one.</summary>
    public LoraConfig? Lora { get; init; }

    public required TrainingOptions Recipe { get; init; }

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

    /// <summary>
    /// The same, where the learning rate depends on it and so the result; otherwise a longer run goes on from a shorter one.
    /// </summary>
    public int? ScheduledSteps { get; init; }

    /// <summary>Token rows that are computed at once.</summary>
    [NotInKey]
    public required int RowBudget { get; init; }

    [NotInKey]
    public required SegmentSize Size { get; init; }

    /// <summary>Which of several models this is, in front of labels; empty where there is one.</summary>
    [NotInKey]
    public string ModelName { get; init; } = "";

    public override string Label => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}{(ModelName.Length == 0 ? "" : " " + ModelName)} to update {End} of {TotalSteps}");

    public override double EstimatedCost => (End - Start) * Size.FlopsPerUpdate;

    public override long EstimatedBytes => (KeepsWeights ? Size.WeightBytes : 0) + (KeepsOptimizer ? Size.OptimizerBytes : 0);

    public override IReadOnlyList<string> DisposableFiles =>
        [.. KeepsOptimizer ? (string[])[] : [ModelFiles.Optimizer], .. KeepsWeights ? (string[])[] : [ModelFiles.Model]];

    public override IReadOnlyList<FileNeed> Needs =>
        Previous is null ? Model.Needs : [new(Previous, ModelFiles.Optimizer), .. new StoredModel(Previous).Needs];

    ModelSource? IAdaptingStep.AdaptedFrom => Lora is not null || Model.IsAdapter ? Model : null;

    private protected abstract string Kind { get; }

    private protected int Start => Previous?.End ?? 0;

    /// <summary>What the part goes on from: what the part before it left, or the run's start, under a new adapter where there is to be
    /// one.</summary>
    private protected LanguageModel LoadPolicy(StepContext context)
    {
        if (Previous is not null)
        {
            return new StoredModel(Previous).Load(context, training: true);
        }

        using ModelFolder folder = Model.Open(context);
        IDevice device = context.Service<IDevice>();
        return Lora is null ? folder.Load(device, training: true) : folder.LoadAdapted(device, Lora, Seed);
    }

    /// <summary>Writes the model that the part leaves, with the tokenizer of what it went on from and how <paramref name="rows"/> were
    /// written.</summary>
    private protected void Save(StepContext context, LanguageModel model, RowSource rows)
    {
        string from = Previous is null ? ModelFolder.TokenizerOf(Model.PathIn(context)) : context.FileOf(Previous, ModelFiles.Model);
        ModelFiles.Save(context, model, ModelFiles.Model, from, ChatRecord.Files(rows, from, model.Config.Head));
    }

    /// <summary>A schedule that ends needs the run's length in the key.</summary>
    private protected void RequireScheduledSteps()
    {
        if (Recipe.LearningRate.DependsOnLength && ScheduledSteps != TotalSteps)
        {
            throw new InvalidOperationException($"{Recipe.LearningRate.Name} depends on the run's length, which the key does not hold.");
        }
    }
}
