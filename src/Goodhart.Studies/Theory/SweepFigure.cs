using Goodhart.Evaluation.Statistics;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Report.Text;

namespace Goodhart.Studies.Theory;

/// <summary>The gap of Eq. (12), in reward and in nats, and the unseen share of Eq. (11), against the β of training.</summary>
internal static class SweepFigure
{
    public static FigureBlock Build(IReadOnlyList<SweepPoint> sweep)
    {
        SweepPoint[] trained = [.. sweep.Where(point => point.Beta is not null).OrderBy(point => point.Beta)];
        SweepPoint reference = sweep.Single(point => point.Beta is null);
        string reading = Reading(trained);
        return new FigureBlock(
            "The gap to the maximum across β",
            Draw(trained, reference, reading),
            "On the data's chosen and rejected responses. Top: V − max Q, what Eq. (12) neglects, in units of the reward. Middle: the "
                + "same over β, "
            + "−log max π. Bottom: the share of the bootstrapped sum that belongs to tokens the data do not show. Dashed: the reference. "
            + "Error bars: one standard error over pairs.",
            reading,
            "Smaller β yield a more optimistic estimate, which results in a higher level of OOD bootstrapping.",
            new CsvTable(
                ["policy", "beta", "gap", "gapSe", "gapNats", "gapNatsSe", "unseenShare", "unseenShareSe", "covered"],
                [.. sweep.Select(Row)]));
    }

    private static object?[] Row(SweepPoint p) =>
    [
        p.Policy, p.Beta, p.Gap, p.GapSe, p.Share.GapNats.Mean, p.Share.GapNats.StandardError, p.Share.UnseenShare?.Mean,
        p.Share.UnseenShare?.StandardError, p.Share.Covered,
    ];

    private static string Reading(SweepPoint[] trained)
    {
        (SweepPoint small, SweepPoint large) = (trained[0], trained[^1]);
        return $"From β {Numbers.Setting(large.Beta)} to {Numbers.Setting(small.Beta)} the gap goes from "
            + $"{Numbers.Significant(large.Gap)} to "
            + $"{Numbers.Significant(small.Gap)}, gap/β from {Numbers.Significant(large.Share.GapNats.Mean)} to "
            + $"{Numbers.Significant(small.Share.GapNats.Mean)} nats and the unseen share from "
            + $"{Numbers.Fixed(large.Share.UnseenShare?.Mean, 3)} to "
            + $"{Numbers.Fixed(small.Share.UnseenShare?.Mean, 3)}.";
    }

    private static Figure Draw(SweepPoint[] trained, SweepPoint reference, string reading)
    {
        double widest = trained.Max(point => point.Gap!.Value);
        return new Figure
        {
            Id = "gap-across-beta",
            Title = "Gap to the maximum and unseen share by β",
            Description = reading,
            Columns = [new("", LogAxis.Over("β", trained.Select(point => point.Beta!.Value)))],
            Rows =
            [
                new(
                    "",
                    LinearAxis.Over("V − max Q", trained.Select(point => point.Gap!.Value).Append(0).Append(1.05 * widest), 0),
                    [new Panel([Points(0, trained, point => (point.Gap!.Value, point.GapSe))])]),
                new(
                    "",
                    Nats(trained, reference),
                    [new Panel([Level(reference.Share.GapNats), Points(1, trained, point => Of(point.Share.GapNats))])]),
                new("", new LinearAxis("unseen share", -0.03, 1.03), [new Panel(reference.Share.UnseenShare is { } share
                    ? [Level(share), Points(2, trained, point => Of(point.Share.UnseenShare!.Value))]
                    : [])]),
            ],
            PanelAspect = 0.4,
        };
    }

    private static LinearAxis Nats(SweepPoint[] trained, SweepPoint reference)
    {
        double most = trained.Append(reference).Max(point => point.Share.GapNats.Mean + (point.Share.GapNats.StandardError ?? 0));
        return new LinearAxis("(V − max Q)/β  (nats)", 0, 1.1 * Math.Max(most, 1e-6));
    }

    private static LevelMark Level(MeanEstimate estimate) =>
        new(Palette.Muted, estimate.Mean, $"reference: {Numbers.Fixed(estimate.Mean, 3)}");

    private static (double, double?) Of(MeanEstimate estimate) => (estimate.Mean, estimate.StandardError);

    private static PointMark Points(int series, SweepPoint[] trained, Func<SweepPoint, (double Value, double? Error)> quantity) => new(
        Palette.Series(series),
        MarkerShape.Circle,
        3.4,
        false,
        [
            .. trained.Select(point =>
            {
                (double value, double? error) = quantity(point);
                return new ChartPoint(
                    point.Beta!.Value, value, value - error, value
                        + error, $"β {Numbers.Setting(point.Beta)}: {Numbers.Measured(value, error)}");
            }),
        ]);
}
