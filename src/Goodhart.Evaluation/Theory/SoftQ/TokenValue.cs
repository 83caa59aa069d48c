namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>
/// One token of a response in the soft Q view of appendix D; Q, V and rewards in the units of the reward, which are nats times β.
/// Q and V are in the model's own gauge, Q = β·logit. In the gauge V ≡ 0 Q is β log π and the reward is <see cref="RewardZeroGauge"/>.
/// </summary>
/// <param name="Position">Response tokens before it.</param>
/// <param name="LogProb">log π, nats.</param>
/// <param name="ReferenceLogProb">log π_ref, nats.</param>
/// <param name="Q">Q of the token.</param>
/// <param name="Value">V at the prefix before the token, Eq. (9).</param>
/// <param name="NextValue">V at the prefix that ends with the token; 0 after the end of the response.</param>
/// <param name="Reward">r = Q − β log π_ref − V of the next prefix: Eq. (8) solved for r.</param>
/// <param name="RewardZeroGauge">β log π/π_ref: r in the gauge V ≡ 0.</param>
/// <param name="Gap">V − max Q before the token, Eq. (12). The same in all gauges.</param>
/// <param name="Seen">Tokens that the data show after this one; null after the end of the response, where nothing is bootstrapped.</param>
/// <param name="UnseenShare">Their complement's share of Eq. (11)'s bootstrapped sum; null where the data do not reach.</param>
/// <param name="ReferenceUnseenShare">The same under the reference: what aligning did not bring.</param>
/// <param name="UnseenValue">V minus V over seen tokens, at the next prefix.</param>
public sealed record TokenValue(
    int Position,
    int Token,
    double LogProb,
    double ReferenceLogProb,
    double Q,
    double Value,
    double NextValue,
    double Reward,
    double RewardZeroGauge,
    double Gap,
    int? Seen,
    double? UnseenShare,
    double? ReferenceUnseenShare,
    double? UnseenValue)
{
    /// <param name="policy">Readings at all prefixes of the response.</param>
    /// <param name="reference">The same of the reference.</param>
    internal static TokenValue Of(TokenResponse response, int i, PrefixReading[] policy, PrefixReading[] reference, double beta)
    {
        bool last = i + 1 == response.Prefixes;
        PrefixReading? next = last ? null : policy[i + 1];
        double q = beta * policy[i].Token;
        double nextValue = beta * (next?.LogSumExp ?? 0);
        return new TokenValue(
            i,
            response.Tokens[i],
            policy[i].LogProb,
            reference[i].LogProb,
            q,
            beta * policy[i].LogSumExp,
            nextValue,
            q - (beta * reference[i].LogProb) - nextValue,
            beta * (policy[i].LogProb - reference[i].LogProb),
            beta * policy[i].Gap,
            next?.Seen,
            next?.UnseenShare,
            last ? null : reference[i + 1].UnseenShare,
            beta * next?.UnseenValue);
    }
}
