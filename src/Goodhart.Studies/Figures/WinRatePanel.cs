using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
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
        (List<Mark>? bands, List<Mark>? marks, List<Mark>? places) = (new List<Mark>(), new List<Mark>(), new List<Mark>());
        foreach ((int place, string? model) in order.Models.Index())
        {
            List<CheckpointPoint> run = results.Points.Where(p => p.Loss == loss && p.Model == model).ToList();
            List<CheckpointPoint> shown = run.Where(p => !finalOnly || IsFinal(p)).ToList();
            double largest = shown.Select(p => p.SqrtKl).DefaultIfEmpty(0).Max();
            if (largest > 0 && FitOf(results, $"{loss}/{model}", finalOnly) is { } fit)
            {
                bands.Add(LawCurve.Band(fit, order.InkOf(model)));
                marks.Add(LawCurve.Draw(fit, order.InkOf(model), largest));
                places.AddRange(LawCurve.PeakPlace(fit, order.InkOf(model), order.Models.Count - 1 - place, model));
            }

            marks.AddRange(Points(order, model, SeedSpread.Points(shown, p => p.SqrtKl, JudgedPoints.WinRateOf)));
            marks.AddRange(SftPoint(results, order, model));
        }

        return new Panel([.. bands, .. places, .. marks]);
    }

    public static IReadOnlyList<LegendEntry> Legend(StudyResults results, StudyOrder order)
    {
        Dictionary<string, long> sizes = results.Study.Models.ToDictionary(m => m.Name, m => m.NonEmbedding);
        List<LegendEntry> entries = order.Models.Where(m => results.Points.Any(p => p.Model == m)).Select(m => new LegendEntry(
            sizes.TryGetValue(m, out long size) && size > 0 ? $"{m} ({Numbers.Count(size)} parameters)" : m,
            new PointMark(order.InkOf(m), order.ShapeOf(m), 3.4, false, []))).ToList();
        entries.Add(new LegendEntry("SFT model", new PointMark(Palette.Muted, MarkerShape.Star, 3, false, [])));
        if (results.Fits.Any(f => f.Law == "gao"))
        {
            entries.Add(new LegendEntry("Eq. (5)", new DottedCurve(Palette.Muted, [])));
            AddIf(results.Fits.Any(f => f.Band.Count > 0), "its 95 % band", new BandMark(Palette.Muted, []));
            AddIf(
                results.Fits.Any(f => f.PeakSqrtKlInterval is not null),
                "its peak’s place, 95 %",
                new PlaceMark(Palette.Muted, 0, 0, 0, 0));
        }

        entries.AddRange(SeedSpread.Legend(results.Points));

        return entries;

        void AddIf(bool drawn, string label, Mark sample)
        {
            if (drawn)
            {
                entries.Add(new LegendEntry(label, sample));
            }
        }
    }

    private static bool IsFinal(CheckpointPoint point) => point.Fraction >= 1 - 1e-9;

    private static ScalingLawFit? FitOf(StudyResults results, string group, bool finalOnly)
    {
        List<ScalingLawFit> laws = results.Fits.Where(f => f.Law == "gao").OrderBy(f => f.Intercept == "sft" ? 0 : 1).ToList();
        ScalingLawFit? ofRow = finalOnly ? laws.FirstOrDefault(f => f.Group == group + FinalSuffix) : null;
        return ofRow ?? laws.FirstOrDefault(f => f.Group == group);
    }

    /// <summary>The checkpoints of a size: hollow before the end of the epoch.</summary>
    public static IEnumerable<Mark> Points(StudyOrder order, string model, IReadOnlyList<SeedPoint<CheckpointPoint>> points)
    {
        List<SeedPoint<CheckpointPoint>> final = points.Where(p => IsFinal(p.Seeds[0])).ToList();
        yield return SeedSpread.Ranges(order.InkOf(model), points);
        yield return new PointMark(
            order.InkOf(model), order.ShapeOf(model), 1.9, true, [.. points.Except(final).Select(p => Place(p, null))]);
        yield return new PointMark(
            order.InkOf(model), order.ShapeOf(model), 3, false, [.. final.Select(p => Place(p, p.IsMean ? null : p.Seeds[0].WinRateSe))]);
    }

    /// <summary>The size's SFT model.</summary>
    public static IEnumerable<Mark> SftPoint(StudyResults results, StudyOrder order, string model)
    {
        // The model is one; its samples differ with the seed.
        IReadOnlyList<SeedPoint<CheckpointPoint>> sft = SeedSpread.Points(
            results.Points.Where(p => p.Model == model && p.Loss.Length == 0), p => p.SqrtKl, JudgedPoints.WinRateOf);
        yield return SeedSpread.Ranges(order.InkOf(model), sft);
        yield return new PointMark(
            order.InkOf(model), MarkerShape.Star, 3, false, [.. sft.Select(p => Place(p, p.IsMean ? null : p.Seeds[0].WinRateSe))]);
    }

    private static ChartPoint Place(SeedPoint<CheckpointPoint> point, double? error) => new(
        point.X,
        point.Y,
        point.Y - error,
        point.Y + error,
        $"{PointText.Which(point)}: " + (point.IsMean
            ? $"win rate {PointText.Span(point.Y, point.Range.Low, point.Range.High, 3)} at √KL "
                + $"{PointText.Span(point.X, point.Range.Left, point.Range.Right, 2)}"
            : $"win rate {PointText.WinRate(point.Seeds[0])} at √KL {Numbers.Fixed(point.X, 2)}"));
}
