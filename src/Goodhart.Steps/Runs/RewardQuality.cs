using Goodhart.Evaluation.Rewards;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Steps.Runs;

/// <summary>A reward model on held-out pairs.</summary>
/// <param name="Model">Its folder, or "mean of members".</param>
/// <param name="HeldOut">Accuracy, likelihood and calibration; margins of the data play no part.</param>
/// <param name="Chosen">The rewards of chosen responses.</param>
public sealed record RewardQuality(string Model, RewardCalibration HeldOut, RewardDistribution Chosen, RewardDistribution Rejected)
{
    /// <param name="rewards">[chosen, rejected] of each pair.</param>
    public static RewardQuality Of(string model, double[][] rewards) => new(
        model,
        RewardCalibration.Of([.. rewards.Select(pair => pair[0] - pair[1])]),
        RewardDistribution.Of([.. rewards.Select(pair => pair[0])]),
        RewardDistribution.Of([.. rewards.Select(pair => pair[1])]));

    /// <summary>The mean over members, pair by pair.</summary>
    public static double[][] Mean(IReadOnlyList<double[][]> members) =>
    [
        .. Enumerable.Range(0, members[0].Length).Select(
            pair => new[] { members.Average(member => member[pair][0]), members.Average(member => member[pair][1]) }),
    ];
}

/// <param name="StandardDeviation">Of single responses.</param>
/// <param name="Low">5 % of responses lie below.</param>
/// <param name="High">5 % lie above.</param>
public sealed record RewardDistribution(double Mean, double StandardDeviation, double Low, double Median, double High)
{
    public static RewardDistribution Of(double[] rewards)
    {
        double[] sorted = [.. rewards.Order()];
        double mean = rewards.Average();
        return new RewardDistribution(
            mean,
            Math.Sqrt(rewards.Sum(reward => (reward - mean) * (reward - mean)) / Math.Max(1, rewards.Length - 1)),
            Percentiles.Quantile(sorted, 0.05),
            Percentiles.Quantile(sorted, 0.5),
            Percentiles.Quantile(sorted, 0.95));
    }
}
