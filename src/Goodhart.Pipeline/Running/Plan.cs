namespace Goodhart.Pipeline;

/// <summary>What a run of some targets would do, every step after its inputs.</summary>
/// <remarks>Costs are in the unit of <see cref="Step.EstimatedCost"/>.</remarks>
public sealed class Plan
{
    internal Plan(IReadOnlyList<PlannedStep> steps) => Steps = steps;

    public IReadOnlyList<PlannedStep> Steps { get; }

    public IEnumerable<PlannedStep> ToRun => Steps.Where(step => step.Runs);

    public double CostToRun => ToRun.Sum(step => step.Step.EstimatedCost);

    /// <summary>Cost of the longest chain of steps to run: no number of workers makes the run shorter.</summary>
    public double LongestPath => ToRun.Select(step => step.RemainingPath).DefaultIfEmpty(0).Max();

    /// <summary>Disk that the steps to run will take, bytes, before disposable files go.</summary>
    public long BytesToWrite => ToRun.Sum(step => step.Step.EstimatedBytes);
}
