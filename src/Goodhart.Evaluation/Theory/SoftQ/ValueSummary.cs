using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>Responses in the soft Q view, on average. Standard errors are over prompts; rewards and values are in units of the
/// reward.</summary>
/// <param name="ImplicitReward">β log π/π_ref, per response.</param>
/// <param name="RewardSum">Σ r in the model's own gauge, per response.</param>
/// <param name="PromptValue">V at the prompt.</param>
/// <param name="EndValue">V at the end; 0 where all responses ended.</param>
/// <param name="IdentityResidual">Largest |Σ r − (implicit reward + V(prompt) − V(end))|: rounding; NaN where one is.</param>
/// <param name="Gap">V − max Q, per token: Eq. (12).</param>
/// <param name="Covered">Share of the bootstrapped prefixes that the data reach.</param>
/// <param name="UnseenShare">Of the bootstrapped sum, per prefix that the data reach; null where they reach none.</param>
/// <param name="ReferenceUnseenShare">The same under the reference.</param>
/// <param name="UnseenShareGrowth">The policy's less the reference's, paired: what alignment brought.</param>
/// <param name="UnseenValue">V − V over seen tokens, per prefix that the data reach.</param>
public sealed record ValueSummary(
    int Prompts,
    int Responses,
    int Tokens,
    int Cut,
    MeanEstimate ImplicitReward,
    MeanEstimate RewardSum,
    MeanEstimate PromptValue,
    MeanEstimate EndValue,
    double IdentityResidual,
    MeanEstimate Gap,
    double Covered,
    MeanEstimate? UnseenShare,
    MeanEstimate? ReferenceUnseenShare,
    MeanEstimate? UnseenShareGrowth,
    MeanEstimate? UnseenValue)
{
    /// <exception cref="ArgumentException">No response with a token.</exception>
    public static ValueSummary Of(IReadOnlyList<ResponseValues> responses)
    {
        ResponseValues[][] prompts =
        [
            .. responses.Where(response => response.Tokens.Count > 0).GroupBy(response => response.Tree).Select(group => group.ToArray()),
        ];
        if (prompts.Length == 0)
        {
            throw new ArgumentException("soft Q: expected responses with at least one token, found none.", nameof(responses));
        }

        TokenValue[][] tokens = [.. prompts.Select(prompt => prompt.SelectMany(response => response.Tokens).ToArray())];
        int bootstrapped = tokens.Sum(prompt => prompt.Count(token => token.Seen is not null));
        int covered = tokens.Sum(prompt => prompt.Count(token => token.UnseenShare is not null));
        return new ValueSummary(
            prompts.Length,
            prompts.Sum(prompt => prompt.Length),
            tokens.Sum(prompt => prompt.Length),
            responses.Count(response => !response.Ended),
            PerResponse(prompts, response => response.ImplicitReward),
            PerResponse(prompts, response => response.RewardSum),
            PerResponse(prompts, response => response.PromptValue),
            PerResponse(prompts, response => response.EndValue),
            prompts.SelectMany(prompt => prompt).Select(response => Math.Abs(response.IdentityResidual)).Aggregate(Math.Max),
            PerToken(tokens, token => token.Gap)!.Value,
            bootstrapped == 0 ? 0 : covered / (double)bootstrapped,
            PerToken(tokens, token => token.UnseenShare),
            PerToken(tokens, token => token.ReferenceUnseenShare),
            PerToken(tokens, token => token.UnseenShare - token.ReferenceUnseenShare),
            PerToken(tokens, token => token.UnseenValue));
    }

    private static MeanEstimate PerResponse(ResponseValues[][] prompts, Func<ResponseValues, double> quantity) => RatioEstimate.Of(
        Array.ConvertAll(prompts, prompt => prompt.Sum(quantity)),
        Array.ConvertAll(prompts, prompt => (double)prompt.Length));

    /// <summary>Over the tokens that have the quantity; null where none has.</summary>
    private static MeanEstimate? PerToken(TokenValue[][] prompts, Func<TokenValue, double?> quantity)
    {
        double[] counts = Array.ConvertAll(prompts, prompt => (double)prompt.Count(token => quantity(token) is not null));
        return counts.All(count => count == 0)
            ? null
            : RatioEstimate.Of(Array.ConvertAll(prompts, prompt => prompt.Sum(quantity) ?? 0), counts);
    }
}
