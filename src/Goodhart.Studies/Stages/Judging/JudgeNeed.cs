using System.Globalization;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Measuring;

namespace Goodhart.Studies.Stages.Judging;

/// <summary>
/// What a judge is asked at most, before the responses are there. Responses of one text, and stored replies, make it less.
/// </summary>
/// <param name="InputTokens">Of the judge, about: one token for every four bytes of the template, the policy's tokens for the rest.</param>
/// <param name="OutputTokens">Every reply as long as it may be.</param>
public sealed record JudgeNeed(int Calls, long InputTokens, long OutputTokens)
{
    /// <summary>Floating-point operations of this machine, about; 1 where somebody else's computes.</summary>
    public double Flops { get; init; } = 1;

    /// <summary>Of a judge that asks nobody and computes next to nothing.</summary>
    public static readonly JudgeNeed None = new(0, 0, 0);

    /// <summary>Of a reward model, which reads each prompt once, with the samples and the data set's response.</summary>
    internal static JudgeNeed Of(ModelConfig judge, TokenizedData prompts, ResponseSampling sampling) => new(0, 0, 0)
    {
        Flops = prompts.Rows * judge.Shape.Forward(prompts.MeanTokens(), sampling.TypicalTokens, sampling.Samples),
    };

    internal static JudgeNeed Of(ChatJudgeOptions options, TokenizedData prompts, ResponseSampling sampling)
    {
        int calls = prompts.Rows * sampling.Samples * (options.Orders == PositionOrders.Both ? 2 : 1);
        long told = TokenPrice.EstimateTokens(options.Template.Text);
        return new JudgeNeed(
            calls, (long)(calls * (told + prompts.MeanTokens() + sampling.MaxNewTokens)), (long)calls * options.Endpoint.ReplyTokens);
    }
}

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
            judge.Called, open.Sum(need => need.Calls), steps.Sum(
                step => ((JudgeCheckpoint)step.Step).Need.Calls), read, written, judge.Price?.Of(read, written));
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
