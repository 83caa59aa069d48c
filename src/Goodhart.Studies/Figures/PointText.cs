using Goodhart.Evaluation.Points;
using Goodhart.Report.Charts;
using Goodhart.Report.Text;

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

    public static ChartPoint AgainstSqrtKl(CheckpointPoint point, bool bars) => new(
        point.SqrtKl,
        JudgedPoints.WinRateOf(point),
        bars ? point.WinRate - point.WinRateSe : null,
        bars ? point.WinRate + point.WinRateSe : null,
        Full(point));

    private static string Seed(CheckpointPoint point) => point.Seed == 0 ? string.Empty : $", seed {Numbers.Setting(point.Seed)}";
}
