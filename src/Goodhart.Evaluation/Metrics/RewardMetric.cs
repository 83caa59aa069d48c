using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Metrics;

/// <summary>A training statistic that section 3.4 holds against the win rate.</summary>
/// <param name="Name">In results.json and claim ids.</param>
/// <param name="Words">In sentences.</param>
public sealed record RewardMetric(string Name, string Words, Func<CheckpointPoint, double?> Value)
{
    public static RewardMetric Accuracy { get; } = new("accuracy", "implicit-reward accuracy", point => point.Accuracy);

    /// <summary>The training loss on held-out pairs; only comparable within one loss and β.</summary>
    public static RewardMetric Loss { get; } = new("loss", "loss", point => point.LossValue);

    public static IReadOnlyList<RewardMetric> All { get; } = [Accuracy, Loss];
}
