using Goodhart.Evaluation.Fits;
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
    private const string Paper = "It fits the law to finished sweeps, and forecasts nothing.";

    public static FigureBlock? Build(StudyResults results)
    {
        List<SweepForecast>? sweeps = results.Forecasts?.Sweeps.Where(
            s => s is { WholeSqrtKl: not null, WholeWinRate: not null, Forecast: { SqrtKl: not null, WinRate: not null } }).ToList();
        if (sweeps is null || sweeps.Count < 2)
        {
            return null;
        }

        StudyOrder order = new StudyOrder(results);
        int within = sweeps.Count(s => Inside(s.Forecast!.WinRateInterval?.Low, s.Forecast.WinRateInterval?.High, s.WholeWinRate!.Value));
        string reading =
            "The peak’s place is off by "
                + $"{Numbers.Fixed(sweeps.Average(s => Math.Abs(s.Forecast!.SqrtKl!.Value - s.WholeSqrtKl!.Value)), 2)} on average, its "
                + "height by "
            + $"{Numbers.Fixed(sweeps.Average(s => Math.Abs(s.Forecast!.WinRate!.Value - s.WholeWinRate!.Value)), 3)}; {within} of "
            + $"{sweeps.Count} heights lie in their 95 % interval. "
            + $"Aiming at the forecast costs {Numbers.Fixed(sweeps.Average(s => s.Lost ?? 0), 3)} of win rate on average.";
        return new FigureBlock(
            "Peaks forecast from small budgets",
            Draw(results, sweeps, order, reading),
            "Each point is a loss and size: forecast from its runs with large β, and the other groups, against the law fitted to all of "
                + "its runs. "
            + "On the grey line the two are equal. Capped bars are 95 % intervals of the forecast; pale bars across those of the fitted "
            + "peak, by bootstrap over prompts, "
            + "and seeds where a size has several.",
            reading,
            Paper,
            new CsvTable(
                ["group", "forecastSqrtKl", "low", "high", "wholeSqrtKl", "forecastWinRate", "lowWinRate", "highWinRate", "wholeWinRate"],
                [
                    .. sweeps.Select(s => new object?[]
                    {
                        s.Group, s.Forecast!.SqrtKl, s.Forecast.SqrtKlInterval?.Low, s.Forecast.SqrtKlInterval?.High, s.WholeSqrtKl,
                        s.Forecast.WinRate,
                        s.Forecast.WinRateInterval?.Low, s.Forecast.WinRateInterval?.High, s.WholeWinRate,
                    }),
                ]));
    }

    private static Figure Draw(StudyResults results, List<SweepForecast> sweeps, StudyOrder order, string reading)
    {
        List<double> heights = sweeps.SelectMany(
            s => new[]
            {
                s.Forecast!.WinRate!.Value, s.WholeWinRate!.Value,
                s.Forecast.WinRateInterval?.Low ?? s.WholeWinRate!.Value,
                s.Forecast.WinRateInterval?.High ?? s.WholeWinRate!.Value,
            }).ToList();
        double low = heights.Min();
        double high = heights.Max();
        return new Figure
        {
            Id = "forecasts-height",
            Title = "Forecast against fitted peak win rate, by loss and size",
            Description = reading,
            Columns =
            [
                new(
                    string.Empty,
                    LinearAxis.Over(
                        "peak win rate of the whole group",
                        sweeps.SelectMany(s => Across(results, s, order).Ranges).SelectMany(r => new[] { r.Left, r.Right }).Concat(
                            sweeps.Select(s => s.WholeWinRate!.Value)))),
            ],
            Rows =
            [
                new(string.Empty, LinearAxis.Over("forecast peak win rate", heights),
                    [
                        new Panel(
                            [
                                new LineMark(Palette.Muted, null, [new(low, low), new(high, high)]),
                                .. sweeps.SelectMany(s => new Mark[] { Across(results, s, order), Point(s, order) }),
                            ]),
                    ]),
            ],
            Legend =
            [
                .. order.Models.Where(m => sweeps.Any(s => Model(s) == m))
                    .Select(m => new LegendEntry(m, new PointMark(order.InkOf(m), order.ShapeOf(m), 3.2, false, []))),
            ],
            PanelAspect = 0.7,
        };
    }

    /// <summary>The interval of the whole group's peak, from its fit without far points as the forecast has it.</summary>
    private static RangeMark Across(StudyResults results, SweepForecast s, StudyOrder order)
    {
        (double x, double y) = (s.WholeWinRate!.Value, s.Forecast!.WinRate!.Value);
        IEnumerable<ScalingLawFit> fits = results.BoundedFits.Where(f => f.Group == s.Group + "/bounded")
            .Concat(results.Fits.Where(f => f.Group == s.Group));
        FitInterval? interval = fits.FirstOrDefault(f => f is { Law: "gao", Intercept: "sft" })?.PeakWinRateInterval;
        return new RangeMark(order.InkOf(Model(s)), interval?.High is { } high ? [new ChartRange(x, y, interval.Low, high, y, y)] : []);
    }

    private static PointMark Point(SweepForecast s, StudyOrder order) => new(
        order.InkOf(Model(s)), order.ShapeOf(Model(s)), 3.2, false,
        [
            new ChartPoint(
                s.WholeWinRate!.Value, s.Forecast!.WinRate!.Value, s.Forecast.WinRateInterval?.Low, s.Forecast.WinRateInterval?.High,
                $"{s.Group}: forecast {Numbers.Fixed(s.Forecast.WinRate, 3)} at √KL {Numbers.Fixed(s.Forecast.SqrtKl, 2)}, fitted "
                    + $"{Numbers.Fixed(s.WholeWinRate, 3)} at {Numbers.Fixed(s.WholeSqrtKl, 2)}"),
        ]);

    private static string Model(SweepForecast s) => s.Group[(s.Group.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static bool Inside(double? low, double? high, double value) => low <= value && !(high < value);
}
