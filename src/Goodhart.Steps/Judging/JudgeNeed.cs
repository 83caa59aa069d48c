using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Models;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Judging;

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
    public static JudgeNeed Of(ModelConfig judge, TokenizedData prompts, ResponseSampling sampling) => new(0, 0, 0)
    {
        Flops = prompts.Rows * judge.Shape.Forward(prompts.MeanTokens(), sampling.TypicalTokens, sampling.Samples),
    };

    public static JudgeNeed Of(ChatJudgeOptions options, TokenizedData prompts, ResponseSampling sampling)
    {
        int calls = prompts.Rows * sampling.Samples * (options.Orders == PositionOrders.Both ? 2 : 1);
        long told = TokenPrice.EstimateTokens(options.Template.Text);
        return new JudgeNeed(
            calls, (long)(calls * (told + prompts.MeanTokens() + sampling.MaxNewTokens)), (long)calls * options.Endpoint.ReplyTokens);
    }
}
