using Goodhart.Evaluation.Points;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Figures;

/// <summary>Figure 3, right: how much of the implicit reward is length, Eq. (6), against √KL.</summary>
internal static class LengthExtrapolation
{
    private const string Paper =
        "Weaker models extrapolate on length more than stronger ones, and all sizes do so more under a smaller KL budget.";

    private static readonly PlottedQuantity R2 = new("R²", "R² of Eq. (6)", p => p.LengthR2);
    private static readonly PlottedQuantity Origin = new("R² through the origin", string.Empty, p => p.LengthR2Origin);
    private static readonly PlottedQuantity Gamma = new("γ", string.Empty, p => p.LengthGamma);

    public static FigureBlock? Build(StudyResults results)
    {
        string reading = Reading(results);
        Figure? figure = new ScatterByLoss(
            "figure3-right", "R² of the length regression against √KL, by loss and size", PlottedQuantity.SqrtKl, R2) { YRange = (0, 1) }
            .Draw(results, reading);
        return figure is null ? null : new FigureBlock(
            "Figure 3, right. What length explains of the implicit reward",
            figure,
            "Each point is a checkpoint: the R² of a regression (with intercept) of log π/π_ref on the number of tokens, over its own "
                + "samples. "
            + "The table holds γ and the R² of the regression through the origin too, which is large wherever the mean log-ratio is. "
            + SeedSpread.Caption(results.Points).TrimEnd(),
            reading,
            Paper,
            PointTable.Of(results, PlottedQuantity.SqrtKl, R2, Origin, Gamma));
    }

    private static string Reading(StudyResults results)
    {
        List<CheckpointPoint> points = results.Points.Where(p => p.Loss.Length > 0 && p.LengthR2 is not null).ToList();
        StudyOrder order = new StudyOrder(results);
        List<string> models = order.Models.Where(m => points.Any(p => p.Model == m)).ToList();
        if (models.Count == 0)
        {
            return "No checkpoint has a length regression.";
        }

        return $"Mean R² by size: {string.Join(", ", models.Select(m => $"{m} {Mean(points.Where(p => p.Model == m))}"))}. "
            + $"Below √KL 1: {Mean(points.Where(p => p.SqrtKl < 1))}; from 1 to 2: {Mean(points.Where(p => p.SqrtKl is >= 1 and < 2))}; "
            + $"above: {Mean(points.Where(p => p.SqrtKl >= 2))}.";
    }

    private static string Mean(IEnumerable<CheckpointPoint> points)
    {
        List<CheckpointPoint> list = points.ToList();
        return list.Count == 0 ? Numbers.None : Numbers.Fixed(list.Average(p => p.LengthR2!.Value), 3);
    }
}
