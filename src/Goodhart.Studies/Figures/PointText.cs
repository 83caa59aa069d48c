using Goodhart.Evaluation.Points;
using Goodhart.Report.Text;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>One way to name a checkpoint and its win rate, in tooltips, readings and tables.</summary>
internal static class PointText
{
    public static string Name(CheckpointPoint point) => point.Loss.Length == 0
        ? $"{point.Model}, SFT model"
        : $"{point.Model}, {LossNames.Display(point.Loss)}, β {Numbers.Setting(point.Beta)}";

    public static string WinRate(CheckpointPoint point) => Numbers.WithError(point.WinRate, point.WinRateSe);

    public static string Full(CheckpointPoint point) =>
        $"{Name(point)}{Seed(point)}, {Numbers.Percent(point.Fraction)} of the epoch: "
        + (point.WinRate is null ? string.Empty : $"win rate {WinRate(point)} at ") + $"√KL {Numbers.Fixed(point.SqrtKl, 2)}";

    /// <summary>Which checkpoint: with its seed, or how many seeds it is the mean of.</summary>
    public static string Which(SeedPoint<CheckpointPoint> point) =>
        $"{Name(point.Seeds[0])}{(point.IsMean ? $", mean of {Numbers.Setting(point.Seeds.Count)} seeds" : Seed(point.Seeds[0]))}"
        + (point.Seeds[0].Loss.Length == 0 ? string.Empty : $", {Numbers.Percent(point.Seeds[0].Fraction)}");

    /// <summary>A mean with its ends: 0.512 (0.490 to 0.531).</summary>
    public static string Span(double mean, double low, double high, int decimals) =>
        $"{Numbers.Fixed(mean, decimals)} ({Numbers.Fixed(low, decimals)} to {Numbers.Fixed(high, decimals)})";

    private static string Seed(CheckpointPoint point) => point.Seed == 0 ? string.Empty : $", seed {Numbers.Setting(point.Seed)}";
}
