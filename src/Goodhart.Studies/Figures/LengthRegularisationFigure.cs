using Goodhart.Evaluation.Length;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>Figure 3, left: DPO with and without length regularisation; win rate as it is and controlled for length.</summary>
internal static class LengthRegularisationFigure
{
    private const string Plain = "dpo";
    private const string Regularised = "r-dpo";

    /// <summary>Sizes have the palette's first colours.</summary>
    private static readonly (string Loss, Ink Ink, MarkerShape Shape)[] Series =
        [(Plain, Palette.Series(3), MarkerShape.Circle), (Regularised, Palette.Series(4), MarkerShape.Triangle)];

    private static readonly (string Title, Func<LengthReading, (double? Value, double? Error)> Rate)[] Rates =
    [
        ("raw", r => (r.Raw.Value, r.Raw.StandardError)),
        ("length-matched", r => (r.Matched.Value, r.Matched.StandardError)),
        ("length-controlled", r => (r.Controlled.WinRate, r.Controlled.StandardError)),
    ];

    private const string Paper =
        "A length correction changes the trade-off between KL and win rate, but does not remove over-optimization and may worsen it; "
        + "the regularised model wins more at equal length and less in the low-KL region.";

    public static IEnumerable<FigureBlock> Build(StudyResults results) => new StudyOrder(results).Models
        .Where(model => Series.All(s => results.Length.Any(r => r.Checkpoint.Model == model && r.Checkpoint.Loss == s.Loss)))
        .Select((model, k) => Build(results, model, k));

    private static FigureBlock Build(StudyResults results, string model, int place)
    {
        List<LengthReading> readings = results.Length.Where(
            r => r.Checkpoint.Model == model && r.Checkpoint.Loss is ("" or Plain or Regularised)).ToList();
        string reading = Reading(readings, model);
        return new FigureBlock(
            $"Figure 3, left. DPO with and without length regularisation, model {model}",
            Draw(
                readings,
                model,
                reading,
                SeedSpread.Legend(Own(results, model))) with { Id = place == 0 ? "figure3-left" : $"figure3-left-{place + 1}" },
            "Win rate against √KL: as it is; over prompts where the response is about as long as the data set’s; and at equal "
                + "length by the "
            + "regression of AlpacaEval 2. A checkpoint whose data do not fix a rate has none. Hollow: before the end of the epoch. Star: "
            + "SFT model. "
            + SeedSpread.Caption(Own(results, model))
            + "Error bars (last checkpoints of runs without repetition): one standard error over prompts.",
            reading,
            Paper,
            Data(readings));
    }

    private static IEnumerable<CheckpointPoint> Own(StudyResults results, string model) =>
        results.Points.Where(p => p.Model == model && Series.Any(s => s.Loss == p.Loss));

    private static Figure Draw(List<LengthReading> readings, string model, string reading, IEnumerable<LegendEntry> seeds)
    {
        LinearAxis x = LinearAxis.Over(PlottedQuantity.SqrtKl.Label, readings.Select(r => r.SqrtKl).Append(0));
        IEnumerable<double> all = Rates.SelectMany(rate => readings.Select(r => rate.Rate(r).Value)).OfType<double>();
        return new Figure
        {
            Id = "figure3-left",
            Title = $"Win rate of DPO with and without length regularisation, model {model}",
            Description = reading,
            Columns = [.. Rates.Select(rate => new FigureColumn(rate.Title, x))],
            Rows =
            [
                new(
                    string.Empty,
                    LinearAxis.Over("win rate", all, 0, 1),
                    [.. Rates.Select(rate => new Panel([.. Marks(readings, rate.Rate)]))]),
            ],
            Legend =
            [
                .. Series.Select(s => new LegendEntry(LossNames.Display(s.Loss), new PointMark(s.Ink, s.Shape, 3, false, []))),
                new LegendEntry("SFT model", new PointMark(Palette.Muted, MarkerShape.Star, 3, false, [])),
                .. seeds,
            ],
            PanelAspect = 0.9,
        };
    }

    private static IEnumerable<Mark> Marks(List<LengthReading> readings, Func<LengthReading, (double? Value, double? Error)> rate)
    {
        IReadOnlyList<SeedPoint<LengthReading>> Of(string loss) => SeedPoint<LengthReading>.Of(
            readings.Where(
                r => r.Checkpoint.Loss == loss
                    && rate(r).Value is not null), r => r.Checkpoint with { Seed = 0 }, r => r.SqrtKl, r => rate(r).Value!.Value);
        ChartPoint Place(SeedPoint<LengthReading> point) => Point(point, rate);
        foreach ((string? loss, Ink? ink, MarkerShape shape) in Series)
        {
            IReadOnlyList<SeedPoint<LengthReading>> points = Of(loss);
            List<SeedPoint<LengthReading>> final = points.Where(p => p.Seeds[0].Checkpoint.Fraction >= 1 - 1e-9).ToList();
            yield return SeedSpread.Ranges(ink, points);
            yield return new PointMark(
                ink, shape, 1.9, true, [.. points.Except(final).Select(p => Place(p) with { Low = null, High = null })]);
            yield return new PointMark(ink, shape, 3, false, [.. final.Select(Place)]);
        }

        yield return new PointMark(Palette.Muted, MarkerShape.Star, 3, false, [.. Of(string.Empty).Select(Place)]);
    }

    private static ChartPoint Point(SeedPoint<LengthReading> point, Func<LengthReading, (double? Value, double? Error)> rate)
    {
        LengthReading first = point.Seeds[0];
        string name = first.Checkpoint.Loss.Length == 0
            ? "SFT model"
            : $"{LossNames.Display(first.Checkpoint.Loss)}, β {Numbers.Setting(first.Checkpoint.Beta)}";
        string tokens = $"{Numbers.Fixed(point.Seeds.Average(r => r.Length), 1)} tokens";
        if (point.IsMean)
        {
            return new ChartPoint(
                point.X, point.Y,
                Note: $"{name}, {Numbers.Percent(first.Checkpoint.Fraction)}, mean of {Numbers.Setting(point.Seeds.Count)} seeds: "
                + $"{PointText.Span(point.Y, point.Range.Low, point.Range.High, 3)} at √KL {Numbers.Fixed(point.X, 2)}, {tokens}");
        }

        double? error = rate(first).Error;
        return new ChartPoint(
            point.X, point.Y, point.Y - error, point.Y + error,
            $"{name}, {Numbers.Percent(first.Checkpoint.Fraction)}: {Numbers.WithError(point.Y, error)} at √KL "
                + $"{Numbers.Fixed(point.X, 2)}, {tokens}");
    }

    private static string Reading(List<LengthReading> readings, string model)
    {
        string Describe((string Loss, Ink Ink, MarkerShape Shape) series)
        {
            List<LengthReading> own = readings.Where(r => r.Checkpoint.Loss == series.Loss).ToList();
            LengthReading best = own.MaxBy(r => r.Raw.Value)!;
            LengthReading? controlled = own.Where(r => r.Controlled.WinRate is not null).MaxBy(r => r.Controlled.WinRate);
            LengthReading last = own.MaxBy(r => r.SqrtKl)!;
            return $"{LossNames.Display(series.Loss)} peaks at {Numbers.WithError(best.Raw.Value, best.Raw.StandardError)} (√KL "
                + $"{Numbers.Fixed(best.SqrtKl, 2)}), "
                + $"length-controlled at {Numbers.WithError(controlled?.Controlled.WinRate, controlled?.Controlled.StandardError)}, and "
                + "ends at "
                + $"{Numbers.WithError(last.Raw.Value, last.Raw.StandardError)} at the largest √KL, {Numbers.Fixed(last.SqrtKl, 2)}; "
                + "mean length "
                + $"{Numbers.Fixed(own.Average(r => r.Length), 1)} tokens";
        }

        return $"Model {model}: {string.Join(". ", Series.Select(Describe))}.";
    }

    private static CsvTable Data(List<LengthReading> readings) => new(
        [
            "loss", "beta", "seed", "fraction", "sqrtKl", "length", "winRate", "winRateSe", "matched", "matchedSe", "matchedPrompts",
            "controlled", "controlledSe",
        ],
        [
            .. readings.Select(r => new object?[]
            {
                r.Checkpoint.Loss.Length == 0 ? "sft" : r.Checkpoint.Loss, r.Checkpoint.Beta, r.Checkpoint.Seed, r.Checkpoint.Fraction,
                r.SqrtKl, r.Length,
                r.Raw.Value, r.Raw.StandardError, r.Matched.Value, r.Matched.StandardError, r.Matched.Prompts, r.Controlled.WinRate,
                r.Controlled.StandardError,
            }),
        ]);
}
