using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Charts;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Figures;

/// <summary>One panel of figure 1: a loss, all sizes.</summary>
internal static class WinRatePanel
{
    /// <summary>Fits of final checkpoints only carry it after their group: dpo/M/final.</summary>
    public const string FinalSuffix = "/final";

    public static Panel Build(StudyResults results, StudyOrder order, string loss, bool finalOnly)
    {
        var marks = new List<Mark>();
        foreach (var model in order.Models)
        {
            var run = results.Points.Where(p => p.Loss == loss && p.Model == model).ToList();
            var largest = run.Where(p => !finalOnly || IsFinal(p)).Select(p => p.SqrtKl).DefaultIfEmpty(0).Max();
            if (largest > 0 && FitOf(results, $"{loss}/{model}", finalOnly) is { } fit)
            {
                marks.Add(LawCurve.Draw(fit, order.InkOf(model), largest));
            }

            if (!finalOnly)
            {
                marks.Add(Points(order, model, run.Where(p => !IsFinal(p)), final: false));
            }

            marks.Add(Points(order, model, run.Where(IsFinal), final: true));
            marks.Add(SftPoint(results, order, model));
        }

        return new Panel(marks);
    }

    public static IReadOnlyList<LegendEntry> Legend(StudyResults results, StudyOrder order)
    {
        var sizes = results.Study.Models.ToDictionary(m => m.Name, m => m.NonEmbedding);
        var entries = order.Models.Where(m => results.Points.Any(p => p.Model == m)).Select(m => new LegendEntry(
            sizes.TryGetValue(m, out var size) && size > 0 ? $"{m} ({Numbers.Count(size)} parameters)" : m,
            new PointMark(order.InkOf(m), order.ShapeOf(m), 3.4, false, []))).ToList();
        entries.Add(new LegendEntry("SFT model", new PointMark(Palette.Muted, MarkerShape.Star, 3, false, [])));
        if (results.Fits.Any(f => f.Law == "gao"))
        {
            entries.Add(new LegendEntry("Eq. (5)", new DottedCurve(Palette.Muted, [])));
        }

        return entries;
    }

    private static bool IsFinal(CheckpointPoint point) => point.Fraction >= 1 - 1e-9;

    private static ScalingLawFit? FitOf(StudyResults results, string group, bool finalOnly)
    {
        var laws = results.Fits.Where(f => f.Law == "gao").OrderBy(f => f.Intercept == "sft" ? 0 : 1).ToList();
        var ofRow = finalOnly ? laws.FirstOrDefault(f => f.Group == group + FinalSuffix) : null;
        return ofRow ?? laws.FirstOrDefault(f => f.Group == group);
    }

    private static PointMark Points(StudyOrder order, string model, IEnumerable<CheckpointPoint> points, bool final) => new(
        order.InkOf(model),
        order.ShapeOf(model),
        final ? 3 : 1.9,
        !final,
        [.. points.Select(p => PointText.AgainstSqrtKl(p, final && p.WinRateSe is not null))]);

    private static PointMark SftPoint(StudyResults results, StudyOrder order, string model) => new(
        order.InkOf(model),
        MarkerShape.Star,
        3,
        false,
        [.. results.Points.Where(p => p.Model == model && p.Loss.Length == 0).Take(1)
            .Select(p => PointText.AgainstSqrtKl(p, p.WinRateSe is not null))]);
}
