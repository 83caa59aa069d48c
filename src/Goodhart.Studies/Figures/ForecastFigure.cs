using Goodhart.Evaluation.Forecasts;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Figures;

/// <summary>Peaks forecast from large β against those of the whole group: the height drawn, the place in the numbers.</summary>
internal static class ForecastFigure
{
    private const string Paper = "The paper fits the law to finished sweeps; it forecasts nothing.";

    public static FigureBlock? Build(StudyResults results)
    {
        var sweeps = results.Forecasts?.Sweeps.Where(s => s is { WholeSqrtKl: not null, WholeWinRate: not null, Forecast: { SqrtKl: not null, WinRate: not null } }).ToList();
        if (sweeps is null || sweeps.Count < 2)
        {
            return null;
        }

        var order = new StudyOrder(results);
        var within = sweeps.Count(s => Inside(s.Forecast!.WinRateInterval?.Low, s.Forecast.WinRateInterval?.High, s.WholeWinRate!.Value));
        var reading = $"The peak’s place is off by {Numbers.Fixed(sweeps.Average(s => Math.Abs(s.Forecast!.SqrtKl!.Value - s.WholeSqrtKl!.Value)), 2)} on average, its height by "
            + $"{Numbers.Fixed(sweeps.Average(s => Math.Abs(s.Forecast!.WinRate!.Value - s.WholeWinRate!.Value)), 3)}; {within} of {sweeps.Count} heights lie in their 95 % interval. "
            + $"Aiming at the forecast costs {Numbers.Fixed(sweeps.Average(s => s.Lost ?? 0), 3)} of win rate on average.";
        return new FigureBlock(
            "Peaks forecast from small budgets",
            Draw(sweeps, order, reading),
            "Each point is a loss and size: forecast from its runs with large β, and the other groups, against the law fitted to all of its runs. "
            + "Dashes join equal values; bars are 95 % intervals of the forecast.",
            reading,
            Paper,
            new CsvTable(
                ["group", "forecastSqrtKl", "low", "high", "wholeSqrtKl", "forecastWinRate", "lowWinRate", "highWinRate", "wholeWinRate"],
                [
                    .. sweeps.Select(s => new object?[]
                    {
                        s.Group, s.Forecast!.SqrtKl, s.Forecast.SqrtKlInterval?.Low, s.Forecast.SqrtKlInterval?.High, s.WholeSqrtKl, s.Forecast.WinRate,
                        s.Forecast.WinRateInterval?.Low, s.Forecast.WinRateInterval?.High, s.WholeWinRate,
                    }),
                ]));
    }

    private static Figure Draw(List<SweepForecast> sweeps, StudyOrder order, string reading)
    {
        var heights = sweeps.SelectMany(s => new[] { s.Forecast!.WinRate!.Value, s.WholeWinRate!.Value, s.Forecast.WinRateInterval?.Low ?? s.WholeWinRate!.Value, s.Forecast.WinRateInterval?.High ?? s.WholeWinRate!.Value }).ToList();
        var low = heights.Min();
        var high = heights.Max();
        return new Figure
        {
            Id = "forecasts-height",
            Title = "Forecast against fitted peak win rate, by loss and size",
            Description = reading,
            Columns = [new(string.Empty, LinearAxis.Over("peak win rate of the whole group", sweeps.Select(s => s.WholeWinRate!.Value)))],
            Rows =
            [
                new(string.Empty, LinearAxis.Over("forecast peak win rate", heights),
                    [new Panel([new LineMark(Palette.Muted, null, [new(low, low), new(high, high)]), .. sweeps.Select(s => Point(s, order))])]),
            ],
            Legend = [.. order.Models.Where(m => sweeps.Any(s => Model(s) == m)).Select(m => new LegendEntry(m, new PointMark(order.InkOf(m), order.ShapeOf(m), 3.2, false, [])))],
            PanelAspect = 0.7,
        };
    }

    private static PointMark Point(SweepForecast s, StudyOrder order) => new(
        order.InkOf(Model(s)), order.ShapeOf(Model(s)), 3.2, false,
        [
            new ChartPoint(
                s.WholeWinRate!.Value, s.Forecast!.WinRate!.Value, s.Forecast.WinRateInterval?.Low, s.Forecast.WinRateInterval?.High,
                $"{s.Group}: forecast {Numbers.Fixed(s.Forecast.WinRate, 3)} at √KL {Numbers.Fixed(s.Forecast.SqrtKl, 2)}, fitted {Numbers.Fixed(s.WholeWinRate, 3)} at {Numbers.Fixed(s.WholeSqrtKl, 2)}"),
        ]);

    private static string Model(SweepForecast s) => s.Group[(s.Group.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static bool Inside(double? low, double? high, double value) => low <= value && !(high < value);
}
