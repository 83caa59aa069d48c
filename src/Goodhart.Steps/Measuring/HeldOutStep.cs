using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Measuring;

/// <summary>A checkpoint of an alignment run on rows it was not trained on: a line of metrics.jsonl.</summary>
public abstract record HeldOutStep : Step<MetricRow>
{
    /// <summary>Passes over the training data done at the checkpoint.</summary>
    [NotInKey]
    public required double Epoch { get; init; }

    /// <summary>Updates done at the checkpoint.</summary>
    public abstract int End { get; }
}

/// <inheritdoc/>
/// <typeparam name="TPolicy">What trained the checkpoint.</typeparam>
/// <typeparam name="TRows">The rows as tokens.</typeparam>
/// <typeparam name="TScores">The step that scores the rows by the reference.</typeparam>
public abstract record HeldOutStep<TPolicy, TRows, TScores> : HeldOutStep
    where TPolicy : RowSegment
    where TScores : Step
{
    public required TPolicy Policy { get; init; }

    public required TRows Rows { get; init; }

    /// <summary>The reference's log-probs of <see cref="Rows"/>.</summary>
    public required TScores HeldOut { get; init; }

    public override int End => Policy.End;

    public override string Label => $"held-out {Kind}, {Policy.Label}";

    public override double EstimatedCost => HeldOut.EstimatedCost;

    public override IReadOnlyList<FileNeed> Needs => new StoredModel(Policy).Needs;

    /// <summary>What the rows are.</summary>
    private protected abstract string Kind { get; }

    private protected abstract Dictionary<string, double> Measure(LanguageModel model, StepContext context, CancellationToken cancel);

    protected sealed override Task<MetricRow> RunAsync(StepContext context, CancellationToken cancel)
    {
        using LanguageModel model = new StoredModel(Policy).Load(context);
        MetricRow row = new(End, Epoch, Measure(model, context, cancel));
        context.Service<IMetricsSink>().Write(row);
        return Task.FromResult(row);
    }
}
