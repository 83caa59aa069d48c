using Goodhart.Evaluation.Comparisons;
using Goodhart.Evaluation.Statistics;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;
using Goodhart.Text;

namespace Goodhart.Studies.Figures;

/// <summary>Losses compared where they have spent the same KL: mean win rate by bin of √KL, one panel per size.</summary>
internal static class EqualKlFigure
{
    private const double Level = 0.05;

    /// <summary>Sizes have the palette's first colours: losses take the others.</summary>
    private const int FirstInk = 3;

    private const string Paper =
        "IPO stays at lower KL than DPO and SLiC at equal β and is less prone to over-optimization; at equal KL the losses behave alike.";

    public static FigureBlock? Build(StudyResults results) => results.EqualKl.Count == 0
        ? null
        : Build(results, "equal-kl", "Losses compared at equal KL", Paper);

    /// <param name="results">Their <see cref="StudyFindings.EqualKl"/> is drawn.</param>
    /// <param name="paper">What a paper says of it.</param>
    public static FigureBlock Build(StudyResults results, string id, string heading, string paper)
    {

        StudyOrder order = new StudyOrder(results);
        string reading = Reading(results.EqualKl);
        return new FigureBlock(
            heading,
            Draw(results, order, reading) with { Id = id },
            "Each point is the mean win rate of a loss’s checkpoints (all β, seeds and fractions of the epoch) in one bin of √KL. "
            + "Error bars: one standard error, over prompts (of each prompt’s mean) and, where a loss has several seeds in the bin, also "
            + "between seeds: the two add in squares. Bins: "
            + $"{Bins(results)}.",
            reading,
            paper,
            Data(results));
    }

    private static Figure Draw(StudyResults results, StudyOrder order, string reading)
    {
        IReadOnlyList<EqualKlCell> cells = results.EqualKl;
        List<string> models = order.Models.Where(m => cells.Any(c => c.Model == m)).ToList();
        List<string> losses = order.Losses.Where(l => cells.Any(c => c.Loss == l)).ToList();
        LinearAxis y = LinearAxis.Over(
            PlottedQuantity.WinRate.Label, cells.Select(c => (c.WinRate, Error: Error(results, c) ?? 0)).SelectMany(
                c => new[] { c.WinRate - c.Error, c.WinRate + c.Error }), 0, 1);
        return new Figure
        {
            Id = "equal-kl",
            Title = "Win rate of the losses in bins of √KL, by size",
            Description = reading,
            Columns =
            [
                .. models.Select(m => new FigureColumn(m, LinearAxis.Over(
                    PlottedQuantity.SqrtKl.Label, cells.Where(c => c.Model == m).Select(c => c.MeanSqrtKl).Append(0)))),
            ],
            Rows = [new(string.Empty, y, [.. models.Select(m => new Panel([.. losses.SelectMany((l, k) => Marks(results, m, l, k))]))])],
            Legend = [.. losses.Select((l, k) => new LegendEntry(LossNames.Display(l), new LineMark(InkOf(k), ShapeOf(k), [])))],
            PanelAspect = 0.9,
        };
    }

    private static IEnumerable<Mark> Marks(StudyResults results, string model, string loss, int place)
    {
        ChartPoint[] points =
        [
            .. results.EqualKl.Where(c => c.Model == model && c.Loss == loss).OrderBy(c => c.Low).Select(
                c => (Cell: c, Error: Error(results, c))).Select(c => new ChartPoint(
                c.Cell.MeanSqrtKl, c.Cell.WinRate, c.Cell.WinRate - c.Error, c.Cell.WinRate + c.Error,
                $"{LossNames.Display(loss)}, {model}, √KL {Bin(c.Cell)}: {Numbers.WithError(c.Cell.WinRate, c.Error)}, "
                    + $"{c.Cell.Checkpoints} checkpoints")),
        ];
        yield return new LineMark(InkOf(place), null, points);
        yield return new PointMark(InkOf(place), ShapeOf(place), 3, false, points);
    }

    /// <summary>Over prompts and between seeds.</summary>
    private static double? Error(StudyResults results, EqualKlCell cell) => SeedError(results, cell) is { } seeds
        ? Math.Sqrt(((cell.WinRateSe ?? 0) * (cell.WinRateSe ?? 0)) + (seeds * seeds))
        : cell.WinRateSe;

    /// <summary>Standard error of the mean over seeds, each seed the mean of its checkpoints in the bin; null below two seeds.</summary>
    private static double? SeedError(StudyResults results, EqualKlCell cell)
    {
        double[] seeds =
        [
            .. results.Points.Where(
                p => p.Model == cell.Model && p.Loss == cell.Loss && p.SqrtKl >= cell.Low && !(p.SqrtKl >= cell.High)
                    && p.WinRate is not null)
                .GroupBy(p => p.Seed).Select(seed => seed.Average(JudgedPoints.WinRateOf)),
        ];
        return seeds.Length < 2 ? null : MeanEstimate.Of(seeds).StandardError;
    }

    private static string Reading(IReadOnlyList<EqualKlCell> cells)
    {
        List<EqualKlCell> compared = cells.Where(c => c.P is not null).ToList();
        List<EqualKlCell> differing = compared.Where(c => c.P < Level).ToList();
        if (compared.Count == 0)
        {
            return "No bin holds two losses.";
        }

        EqualKlCell widest = compared.MaxBy(c => Math.Abs(c.Difference!.Value))!;
        return $"In {differing.Count} of {Quantity.Of(compared.Count, "comparison")} of a loss with the others in its bin the difference "
            + $"is beyond chance (paired t over prompts, p < {Numbers.Setting(Level)} after Bonferroni within a size; the spread "
            + "between runs is not in it)"
            + (differing.Count == 0 ? "." : $": {string.Join("; ", differing.GroupBy(c => c.Loss).Select(Count))}.")
            + $" Widest: {LossNames.Display(widest.Loss)}, {widest.Model}, √KL {Bin(widest)}: "
            + $"{Numbers.WithError(widest.Difference, widest.DifferenceSe)} from the others.";
    }

    private static string Count(IGrouping<string, EqualKlCell> loss) =>
        $"{LossNames.Display(loss.Key)} above in {loss.Count(c => c.Difference > 0)}, below in {loss.Count(c => c.Difference < 0)}";

    private static string Bins(StudyResults results) =>
        string.Join(", ", results.EqualKl.Select(c => (c.Low, Text: Bin(c))).Distinct().OrderBy(b => b.Low).Select(b => b.Text));

    private static string Bin(EqualKlCell cell) =>
        cell.High is { } high ? $"{Numbers.Setting(cell.Low)}–{Numbers.Setting(high)}" : $"> {Numbers.Setting(cell.Low)}";

    private static Ink InkOf(int loss) => Palette.Series(FirstInk + loss);

    private static MarkerShape ShapeOf(int loss) =>
        (loss % 4) switch { 0 => MarkerShape.Circle, 1 => MarkerShape.Square, 2 => MarkerShape.Triangle, _ => MarkerShape.Diamond };

    private static CsvTable Data(StudyResults results) => new(
        [
            "model", "low", "high", "loss", "checkpoints", "meanSqrtKl", "winRate", "winRateSe", "winRateSeedSe", "difference",
            "differenceSe", "p",
        ],
        [
            .. results.EqualKl.Select(c => new object?[]
            {
                c.Model, c.Low, c.High, c.Loss, c.Checkpoints, c.MeanSqrtKl, c.WinRate, c.WinRateSe, SeedError(results, c), c.Difference,
                c.DifferenceSe, c.P,
            }),
        ]);
}
