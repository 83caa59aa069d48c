namespace Goodhart.Alignment.PolicyGradient;

/// <summary>Eq. (3) token by token: −β times the estimated KL at each, and the response's score at the last.</summary>
public static class TokenRewards
{
    /// <param name="kl">Estimated KL at each token, nats.</param>
    /// <param name="score">Of the response; it belongs to the last token, which the response's length says, never a padding id.</param>
    public static double[] Of(double[] kl, double coefficient, double score)
    {
        double[] rewards = Array.ConvertAll(kl, nats => -coefficient * nats);
        rewards[^1] += score;
        return rewards;
    }

    /// <param name="logProbs">log π_old of each token, nats.</param>
    /// <returns>Estimated KL at each token, nats.</returns>
    public static double[] Kl(float[] logProbs, float[] referenceLogProbs, KlEstimator estimator) =>
        [.. logProbs.Zip(referenceLogProbs, (p, q) => estimator.Of((double)p - q))];
}
