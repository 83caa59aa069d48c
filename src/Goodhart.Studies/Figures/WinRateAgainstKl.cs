using Goodhart.Evaluation.Points;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>Figure 1: win rate against √KL, one column per loss; above the final checkpoints, below all of them; Eq. (5) dotted.</summary>
internal static class WinRateAgainstKl
{
    /// <summary>Its anchor.</summary>
    public const string Id = "figure1";

    /// <summary>One collapsed run may not squeeze the rest: what lies further right is told below the figure, not drawn.</summary>
    private const double FurthestDrawn = 6;

    /// <summary>Of those, so many by name; the table behind the figure has all.</summary>
    private const int MostTold = 4;

    private const string Paper =
        "Win rate is hump-shaped in √KL for every objective and size: spending more KL past the peak lowers it. "
        + "Larger models peak higher, and Eq. (5), known from classical RLHF, describes the curves.";

    /// <summary>Null where nothing has judged the responses.</summary>
    public static FigureBlock? Build(StudyResults all)
    {
        if (!JudgedPoints.Any(all))
        {
            return null;
        }

        StudyResults results = JudgedPoints.Only(all);
        StudyOrder order = new StudyOrder(results);
        return new FigureBlock(
            "Figure 1. Win rate against √KL",
            Draw(results, order),
            Caption(results, order),
            OverOptimizationReading.Of(results, order),
            Paper,
            Data(results, order));
    }

    /// <summary>The losses of the study's own grid, as in the paper; what else was run has figures of its own.</summary>
    private static List<string> Losses(StudyResults results, StudyOrder order)
    {
        List<string> direct = order.Losses.Where(l => !RlhfMethods.Contains(l)).ToList();
        List<string> grid = direct.Where(results.Study.Losses.Contains).ToList();
        return grid.Count > 0 ? grid : [.. order.Losses];
    }

    private static Figure Draw(StudyResults results, StudyOrder order)
    {
        List<string> losses = Losses(results, order);
        List<CheckpointPoint> points = Within(results).Points.Where(p => p.Loss.Length == 0 || losses.Contains(p.Loss)).ToList();
        IEnumerable<double> spread = points.SelectMany(
            p => (double[])[-(p.WinRateSe ?? 0), 0, p.WinRateSe ?? 0], (p, off) => JudgedPoints.WinRateOf(p) + off);
        LinearAxis y = WithRoomBelow(LinearAxis.Over("win rate against the data set’s response", spread, 0, 1));
        return new Figure
        {
            Id = Id,
            Title = "Win rate against the square root of the KL divergence, by loss and model size",
            Description = OverOptimizationReading.Of(results, order),
            Columns = [.. losses.Select(l => new FigureColumn(LossNames.Display(l), Across(points.Where(p => p.Loss == l))))],
            Rows =
            [
                new("final checkpoints", y, [.. losses.Select(l => WinRatePanel.Build(Within(results), order, l, finalOnly: true))]),
                new("all checkpoints", y, [.. losses.Select(l => WinRatePanel.Build(Within(results), order, l, finalOnly: false))]),
            ],
            Legend = WinRatePanel.Legend(results, order),
            PanelAspect = 1,
        };
    }

    private static StudyResults Within(StudyResults results) =>
        results with { Points = [.. results.Points.Except(Beyond(results.Points))] };

    /// <summary>Checkpoints that lie further out with one of their seeds: a mean is drawn of all seeds or not at all.</summary>
    private static IEnumerable<CheckpointPoint> Beyond(IEnumerable<CheckpointPoint> points) => points
        .GroupBy(p => (CheckpointKey.Of(p) with { Seed = 0 }, p.BestOf))
        .Where(seeds => seeds.Any(p => p.SqrtKl > FurthestDrawn)).SelectMany(seeds => seeds);

    /// <summary>Ends in a blank; empty where all points are drawn.</summary>
    private static string Further(StudyResults results, StudyOrder order)
    {
        List<string> losses = Losses(results, order);
        List<CheckpointPoint> far = order.Sort(Beyond(results.Points.Where(p => losses.Contains(p.Loss)))).ToList();
        return far.Count == 0 ? string.Empty
            : $"Not drawn, for √KL above {Numbers.Setting(FurthestDrawn)} with any seed: {Words.Count(far.Count, "checkpoint")} ("
                + $"{string.Join("; ", far.Take(MostTold).Select(PointText.Full))}{(far.Count > MostTold ? "; …" : "")}); "
                + "the law is fitted to them too. ";
    }

    // A range for each loss: one run far out must not squeeze the other losses' peaks.
    private static LinearAxis Across(IEnumerable<CheckpointPoint> points) =>
        LinearAxis.Over("√KL(π‖π_{ref})  (root of nats per response)", points.Select(p => p.SqrtKl).Append(0));

    // The places of the laws' peaks stand there.
    private static LinearAxis WithRoomBelow(LinearAxis axis) =>
        new(axis.Label, axis.Low - (0.09 * (axis.High - axis.Low)), axis.High);

    private static string Caption(StudyResults results, StudyOrder order)
    {
        bool finalFits = results.Fits.Any(f => f.Group.EndsWith(WinRatePanel.FinalSuffix, StringComparison.Ordinal));
        string dotted = results.Fits.Any(f => f.Law == "gao")
            ? "Dotted: Eq. (5), R(d) = d(α − β ln d) above the SFT model’s win rate, fitted to "
              + (finalFits ? "the checkpoints of each row, " : "all checkpoints (both rows show the same curve), ")
              + "drawn up to the largest √KL fitted. " + Uncertainty(results)
            : "No law is fitted: there are too few checkpoints. ";
        return "Top: the last checkpoint of each run, one run per β. Bottom: intermediate checkpoints (hollow) added. "
            + (results.Study.Losses.Count > 1 ? "Each loss has its own √KL range. " : string.Empty) + dotted
            + SeedSpread.Caption(results.Points)
            + Further(results, order)
            + "Stars: the SFT model. Error bars (final checkpoints of sizes with one seed, and SFT): one standard error over prompts.";
    }

    private static string Uncertainty(StudyResults results)
    {
        List<string> methods = results.Fits.Where(f => f.Law == "gao")
            .Select(f => f.PeakSqrtKlInterval?.Method).OfType<string>().Distinct().Order().ToList();
        return methods.Count == 0
            ? string.Empty
            : "Shaded: the law’s 95 % band, √KL by √KL; bars along the lower edge: the place of its peak with a 95 % interval "
                + $"({string.Join(", or ", methods)}). ";
    }

    private static CsvTable Data(StudyResults results, StudyOrder order) => new(
        ["model", "loss", "beta", "seed", "fraction", "sqrtKl", "kl", "klSe", "winRate", "winRateSe"],
        [.. order.Sort(results.Points).Select(Row)]);

    private static object?[] Row(CheckpointPoint p) =>
        [p.Model, p.Loss.Length == 0 ? "sft" : p.Loss, p.Beta, p.Seed, p.Fraction, p.SqrtKl, p.Kl, p.KlSe, p.WinRate, p.WinRateSe];
}
