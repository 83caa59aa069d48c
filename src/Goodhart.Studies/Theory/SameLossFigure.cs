using Goodhart.Evaluation.Theory.Queries;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Theory;

/// <summary>Out-of-distribution mass above, the loss below, along a direction that the loss does not see.</summary>
public static class SameLossFigure
{
    public static FigureBlock Build()
    {
        (string Loss, IReadOnlyList<SameLossPolicy> Path)[] paths =
        [
            .. SameLossTable.Losses.Select(loss => (loss, SameLossTable.Path(loss))),
        ];
        string reading = string.Join("; ", paths.Select(Reading)) + ".";
        return new FigureBlock(
            "The same loss with any out-of-distribution mass",
            Draw(paths, reading),
            "27 trajectories, one preference, β 0.1, exact. Along x the log-probs of the 24 trajectories outside the data are raised and "
                + "the policy "
            + "normalised. Above: their mass. Below: the loss. IPO and SLiC are at their minimum, DPO (which has none) at βΔ = 4.",
            reading,
            "There are many possible policies that achieve the same optima, some of which place a high weight on out-of-distribution "
                + "responses.",
            new CsvTable(
                ["loss", "shift", "outOfDistribution", "pair", "lossValue", "entropy"],
                [
                    .. paths.SelectMany(path => path.Path)
                        .Select(p => new object?[] { p.Loss, p.Shift, p.OutOfDistribution, p.Pair, p.LossValue, p.Entropy }),
                ]));
    }

    private static string Reading((string Loss, IReadOnlyList<SameLossPolicy> Path) path) =>
        $"{LossNames.Display(path.Loss)}: from {Numbers.Fixed(path.Path[0].OutOfDistribution, 3)} to "
        + $"{Numbers.Fixed(path.Path[^1].OutOfDistribution, 3)} out of distribution at the loss {Numbers.Fixed(path.Path[0].LossValue, 6)} "
        + $"(it varies by {Numbers.Significant(path.Path.Max(p => p.LossValue) - path.Path.Min(p => p.LossValue))})";

    private static Figure Draw((string Loss, IReadOnlyList<SameLossPolicy> Path)[] paths, string reading)
    {
        LinearAxis x = LinearAxis.Over("shift of the unseen log-probs (nats)", paths.SelectMany(path => path.Path).Select(p => p.Shift));
        double most = paths.Max(path => path.Path[0].LossValue);
        return new Figure
        {
            Id = "same-loss",
            Title = "Out-of-distribution mass and loss along a direction of the null space",
            Description = reading,
            Columns = [.. paths.Select(path => new FigureColumn(LossNames.Display(path.Loss), x))],
            Rows =
            [
                new("", new LinearAxis("probability", -0.03, 1.03), [.. paths.Select(path => new Panel(
                [
                    Line(0, MarkerShape.Circle, path.Path, p => p.OutOfDistribution), Line(1, MarkerShape.Square, path.Path, p => p.Pair),
                ]))]),
                new("", new LinearAxis("loss", -0.1 * most - 0.002, 1.6 * most + 0.002), [.. paths.Select(path => new Panel(
                    [Line(2, MarkerShape.Triangle, path.Path, p => p.LossValue)]))]),
            ],
            Legend =
            [
                new("24 out-of-distribution trajectories", new LineMark(Palette.Series(0), MarkerShape.Circle, [])),
                new("the preference pair", new LineMark(Palette.Series(1), MarkerShape.Square, [])),
                new("loss", new LineMark(Palette.Series(2), MarkerShape.Triangle, [])),
            ],
            PanelAspect = 0.66,
        };
    }

    private static LineMark Line(int series, MarkerShape shape, IReadOnlyList<SameLossPolicy> path, Func<SameLossPolicy, double> y) =>
        new(Palette.Series(series), shape, [.. path.Select(p => new ChartPoint(p.Shift, y(p)))]);
}
