using Goodhart.Pipeline;
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
