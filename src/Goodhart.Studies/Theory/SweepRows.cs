using Goodhart.Report.Text;

namespace Goodhart.Studies.Theory;

/// <summary>A sweep over β as a table; the same in the terminal and on the page.</summary>
public static class SweepRows
{
    public static IReadOnlyList<string> Columns { get; } =
        [
            "β", "gap V − max Q, Eq. (12)", "gap/β = −log max π (nats)", "unseen share, Eq. (11)", "−log(1 − share) (nats)", "reached",
            "policy",
        ];

    public static IReadOnlyList<string[]> Of(IReadOnlyList<SweepPoint> sweep) =>
    [
        .. sweep.OrderBy(point => point.Beta ?? double.PositiveInfinity).Select(point => (string[])
        [
            point.Beta is { } beta ? Numbers.Setting(beta) : "reference",
            Numbers.WithError(point.Gap, point.GapSe, 4),
            Numbers.WithError(point.Share.GapNats.Mean, point.Share.GapNats.StandardError),
            Numbers.WithError(point.Share.UnseenShare?.Mean, point.Share.UnseenShare?.StandardError),
            Numbers.WithError(point.Share.UnseenNats?.Mean, point.Share.UnseenNats?.StandardError),
            Numbers.Percent(point.Share.Covered),
            point.Policy,
        ]),
    ];
}
