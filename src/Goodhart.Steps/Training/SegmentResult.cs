namespace Goodhart.Steps.Training;

/// <summary>What a part of a run did; the model is among the step's files.</summary>
/// <param name="Step">Updates done at its end.</param>
/// <param name="Log">One row per update of this part.</param>
public sealed record SegmentResult(int Step, IReadOnlyList<MetricRow> Log)
{
    /// <summary>Coefficient of the KL penalty with which a policy-gradient run goes on; null for other runs.</summary>
    public double? KlCoefficient { get; init; }
}
