using System.Diagnostics;
using Goodhart.Pipeline;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Running;

/// <summary>What a study took, by kind of step, runs before this one included.</summary>
internal static class RunCost
{
    /// <param name="plan">Made when the last steps were about to run.</param>
    /// <param name="before">Keys of steps that this run did before the plan was made.</param>
    public static StudyCost Of(Runner runner, Plan plan, HashSet<string> before, TimeSpan wall)
    {
        (PlannedStep Planned, StepRecord Record)[] steps =
            [
                .. plan.Steps.Select(step => (step, runner.RecordOf(step.Step)))
                    .Where(step => step.Item2 is not null).Select(step => (step.step, step.Item2!)),
            ];
        StepCost[] kinds =
        [
            .. steps.GroupBy(step => step.Planned.Name).Select(kind => new StepCost(
                kind.Key,
                kind.Count(),
                kind.Count(step => !step.Planned.Runs && !before.Contains(step.Planned.Key)),
                kind.Sum(step => step.Record.Seconds),
                kind.Sum(step => step.Planned.Step.EstimatedCost > 1 ? step.Planned.Step.EstimatedCost : 0))),
        ];
        return new StudyCost(
            wall.TotalSeconds, kinds.Sum(kind => kind.Seconds), kinds.Sum(kind => kind.Flops), Process.GetCurrentProcess().PeakWorkingSet64,
            kinds);
    }
}
