using System.Globalization;
using Goodhart.Pipeline;
using Goodhart.Steps.Judging;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>What judging a whole study asks and costs at most.</summary>
/// <param name="Calls">Of checkpoints that are not judged yet.</param>
/// <param name="StudyCalls">Of all checkpoints: what <c>maxCalls</c> is held against.</param>
/// <param name="Cost">Of <paramref name="Calls"/>, US dollars; null where no price is known, 0 for a judge of this machine's.</param>
public sealed record StudyJudgeForecast(string Model, int Calls, int StudyCalls, long InputTokens, long OutputTokens, double? Cost)
{
    internal static StudyJudgeForecast Of(JudgeDefinition judge, Plan plan)
    {
        PlannedStep[] steps = [.. plan.Steps.Where(step => step.Step is JudgeCheckpoint)];
        JudgeNeed[] open = [.. steps.Where(step => step.Runs).Select(step => ((JudgeCheckpoint)step.Step).Need)];
        long read = open.Sum(need => need.InputTokens);
        long written = open.Sum(need => need.OutputTokens);
        return new StudyJudgeForecast(
            judge.Called, open.Sum(need => need.Calls), steps.Sum(step => ((JudgeCheckpoint)step.Step).Need.Calls), read, written,
            judge.Price?.Of(read, written));
    }

    /// <exception cref="InvalidDataException">The study would pass its budget in calls; nothing was asked.</exception>
    internal void RequireWithin(int? maxCalls)
    {
        if (StudyCalls > maxCalls)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"the judge would be asked up to {StudyCalls:N0} times, over judge.maxCalls {maxCalls:N0}. Raise it, or lower "
                    + $"evaluate.prompts, the number of checkpoints or rlhf.bestOfN.pool; nothing was asked."));
        }
    }
}
