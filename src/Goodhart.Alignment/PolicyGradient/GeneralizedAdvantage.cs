namespace Goodhart.Alignment.PolicyGradient;

/// <summary>Generalised advantage estimation (Schulman et al. 2016, Eq. 16) on one finite episode.</summary>
public static class GeneralizedAdvantage
{
    /// <param name="rewards">After each token.</param>
    /// <param name="values">V of the state before each token; the state after the last is worth 0.</param>
    /// <param name="discount">γ.</param>
    /// <param name="trace">λ: 1 is the return minus the value, 0 the one-step error.</param>
    /// <returns>An advantage per token.</returns>
    public static double[] Estimate(ReadOnlySpan<double> rewards, ReadOnlySpan<double> values, double discount, double trace)
    {
        double[] advantages = new double[rewards.Length];
        double sum = 0;
        for (int t = rewards.Length - 1; t >= 0; t--)
        {
            double next = t + 1 < rewards.Length ? values[t + 1] : 0;
            double error = rewards[t] + (discount * next) - values[t];
            sum = error + (discount * trace * sum);
            advantages[t] = sum;
        }

        return advantages;
    }
}
