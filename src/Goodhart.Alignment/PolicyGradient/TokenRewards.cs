namespace Goodhart.Alignment.PolicyGradient;

/// <summary>Eq. (3) token by token: −β log(π/π_ref) at each, and the response's score at the last.</summary>
public static class TokenRewards
{
    /// <param name="logProbs">log π_old of each token, nats.</param>
    /// <param name="score">Of the response; it belongs to the last token, which the response's length says, never a padding id.</param>
    public static double[] Of(float[] logProbs, float[] referenceLogProbs, double coefficient, double score)
    {
        double[] rewards = [.. logProbs.Zip(referenceLogProbs, (p, q) => -coefficient * ((double)p - q))];
        rewards[^1] += score;
        return rewards;
    }
}
