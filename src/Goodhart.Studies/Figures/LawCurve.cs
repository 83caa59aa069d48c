using Goodhart.Evaluation.Fits;
using Goodhart.Report.Charts;
using Goodhart.Report.Text;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>A fitted law as a curve over d = √KL.</summary>
public static class LawCurve
{
    private const int Steps = 80;

    /// <summary>The law's value at d.</summary>
    /// <exception cref="ArgumentException">The fit's law is none that is known.</exception>
    public static double At(ScalingLawFit fit, double d)
    {
        ScalingLaw law = ScalingLaw.All.FirstOrDefault(known => known.Name == fit.Law) ?? throw new ArgumentException(
            $"Fit {fit.Group}: expected one of the laws {string.Join(", ", ScalingLaw.All.Select(known => known.Name))}, "
            + $"found '{fit.Law}'.");
        return law.Value(fit.InterceptValue, d, [.. fit.Coefficients.Where(c => c.Name != "intercept").Select(c => c.Value)]);
    }

    /// <summary>From d = 0 to the largest d that was fitted: no further, because a fit says nothing beyond its data.</summary>
    public static DottedCurve Draw(ScalingLawFit fit, Ink ink, double largest) => new(ink, Points(fit, largest));

    /// <summary>The places that a curve goes through.</summary>
    public static IReadOnlyList<ChartPoint> Points(ScalingLawFit fit, double largest) =>
        [.. Enumerable.Range(0, Steps + 1).Select(k => k * largest / Steps).Select(d => new ChartPoint(d, At(fit, d)))];

    /// <summary>Where the law may lie, d by d; without spans where the fit has no band.</summary>
    public static BandMark Band(ScalingLawFit fit, Ink ink) =>
        new(ink, [.. fit.Band.Select(span => new ChartSpan(span.SqrtKl, span.Low, span.High))]);

    /// <summary>The interval of d*; none where the law has no peak within the data or its place no interval.</summary>
    public static IEnumerable<PlaceMark> PeakPlace(ScalingLawFit fit, Ink ink, int row, string name) =>
        fit is { PeakSqrtKl: { } peak, PeakSqrtKlInterval: { } interval, PeakExtrapolated: false }
            ? [new PlaceMark(ink, row, peak, interval.Low, interval.High,
                $"{name}: the law peaks at √KL {Numbers.Fixed(peak, 2)} {IntervalText.Of(interval, 2)}, {interval.Method}")]
            : [];
}
