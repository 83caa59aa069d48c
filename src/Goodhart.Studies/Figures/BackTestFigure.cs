using Goodhart.Evaluation.Forecasts;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Text;

namespace Goodhart.Studies.Figures;

/// <summary>What each stop rule gives away against what it saves, over all runs of a study.</summary>
internal static class BackTestFigure
{
    private const string Paper =
        "It names no rule for stopping: the peak comes early in the epoch, and neither accuracy nor loss on held-out pairs tells where.";

    private static readonly MarkerShape[] Shapes = Enum.GetValues<MarkerShape>();

    /// <summary>Null where nothing was tried.</summary>
    public static FigureBlock? Build(ForecastReport? forecasts)
    {
        if (forecasts is not { BackTest: { Count: > 0 } rows })
        {
            return null;
        }

        string reading = Reading(rows);
        return new FigureBlock(
            "What stop rules give away, and what they save",
            Draw(rows, reading),
            $"Each point is a rule, followed in {Numbers.Count(rows[0].Runs)} {Quantity.Noun(rows[0].Runs, "run")} without their "
                + "future: the win rate below each run’s best checkpoint, against the share of the "
            + "training done. Left and low is good. Bars: two standard errors over runs; seeds are runs of their own.",
            reading,
            Paper,
            new CsvTable(
                ["rule", "runs", "winRate", "lost", "lostSe", "worst", "training", "stops", "falseAlarms"],
                [
                    .. rows.Select(
                        r => new object?[] { r.Rule, r.Runs, r.WinRate, r.Lost, r.LostSe, r.Worst, r.Training, r.Stops, r.FalseAlarms }),
                ]));
    }

    private static Figure Draw(IReadOnlyList<BackTestRow> rows, string reading) => new()
    {
        Id = "forecast-back-test",
        Title = "Win rate given away against training done, by stop rule",
        Description = reading,
        Columns = [new FigureColumn(string.Empty, new LinearAxis("share of the training done", 0, 1.05))],
        Rows =
        [
            new FigureRow(
                string.Empty, LinearAxis.Over(
                    "win rate below the best checkpoint’s",
                    rows.SelectMany(r => new[] { Place(r).Low, Place(r).High, 0 }).OfType<double>()),
                [new Panel([.. rows.Select(Mark)])]),
        ],
        Legend = [.. rows.Select((row, k) => new LegendEntry(row.Rule, Mark(row, k)))],
        PanelAspect = 0.6,
    };

    private static PointMark Mark(BackTestRow row, int place) =>
        new(Palette.Series(place), Shapes[place % Shapes.Length], 4, false, [Place(row)]);

    private static ChartPoint Place(BackTestRow row) => new(
        row.Training, row.Lost, row.Lost - (2 * row.LostSe), row.Lost + (2 * row.LostSe),
        $"{row.Rule}: {Numbers.WithError(row.Lost, row.LostSe)} lost with {Numbers.Percent(row.Training)} of the training");

    private static string Reading(IReadOnlyList<BackTestRow> rows)
    {
        string Describe(BackTestRow row) =>
            $"“{row.Rule}” gives away {Numbers.WithError(row.Lost, row.LostSe)} with {Numbers.Percent(row.Training)} of the training";
        BackTestRow least = rows.MinBy(r => r.Lost)!;
        return least == rows[0]
            ? $"{Describe(rows[0])}, the least of all {Numbers.Count(rows.Count)} rules."
            : $"{Describe(rows[0])}; {Describe(least)}, the least of all {Numbers.Count(rows.Count)} rules.";
    }
}
