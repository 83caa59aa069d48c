namespace Goodhart.Pipeline;

/// <summary>What a run of some targets would do, every step after its inputs.</summary>
/// <remarks>Costs are in the unit of <see cref="Step.EstimatedCost"/>.</remarks>
public sealed class Plan
{
    internal Plan(IReadOnlyList<PlannedStep> steps) => Steps = steps;

    public IReadOnlyList<PlannedStep> Steps { get; }

    public IEnumerable<PlannedStep> ToRun => Steps.Where(step => step.Runs);

    /// <summary>A step by its folder's name; null where there is none.</summary>
    public PlannedStep? Find(string folder) => Steps.FirstOrDefault(step => step.Folder == folder);

    /// <summary>Folders of the inputs that a step waits for: those not stored, and those whose deleted files it needs.</summary>
    public IReadOnlyList<string> MissingFor(PlannedStep step) => step.Missing;

    public double CostToRun => ToRun.Sum(step => step.Step.EstimatedCost);

    /// <summary>Cost of the longest chain of steps to run: no number of workers makes the run shorter.</summary>
    public double LongestPath => ToRun.Select(step => step.RemainingPath).DefaultIfEmpty(0).Max();

    /// <summary>Disk that the steps to run will take, bytes, before disposable files go.</summary>
    public long BytesToWrite => ToRun.Sum(step => step.Step.EstimatedBytes);
}
