namespace Goodhart.Alignment.PolicyGradient;

/// <summary>RLOO (Ahmadian et al. 2024, Eq. 7): each response's reward minus the mean of the other responses' to the same prompt.</summary>
public static class LeaveOneOut
{
    /// <param name="rewards">Of the responses to one prompt, at least two.</param>
    public static double[] Advantages(ReadOnlySpan<double> rewards)
    {
        if (rewards.Length < 2)
        {
            throw new ArgumentException(
                $"A leave-one-out baseline needs two or more responses per prompt, got {rewards.Length}.", nameof(rewards));
        }

        double sum = 0;
        foreach (double reward in rewards)
        {
            sum += reward;
        }

        double[] advantages = new double[rewards.Length];
        for (int i = 0; i < advantages.Length; i++)
        {
            advantages[i] = rewards[i] - ((sum - rewards[i]) / (rewards.Length - 1));
        }

        return advantages;
    }
}
