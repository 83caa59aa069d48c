using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits;

/// <summary>Refits of one law on resamples: what every interval of a fit is made of.</summary>
/// <param name="Coefficients">One array per replicate, R₀ first where it is free; null where the resample does not fix them.</param>
/// <param name="Peaks">Infinite where a refit has no maximum: it rises as far as one can see.</param>
/// <param name="Intercepts">What R₀ each replicate had: the SFT model's win rate moves with the prompts.</param>
public sealed record LawRefits(
    IReadOnlyList<double[]?> Coefficients, IReadOnlyList<(double SqrtKl, double WinRate)> Peaks, IReadOnlyList<Intercept> Intercepts)
{
    /// <summary>Places in a band beside d = 0: more cannot be seen.</summary>
    private const int BandSteps = 16;

    /// <summary>Share of resamples that must fix the law, or there is no interval.</summary>
    private const double Enough = 0.9;

    /// <param name="points">Replicate to its points.</param>
    internal static LawRefits Of(ScalingLaw law, Intercept intercept, int replicates, Func<int, ResampledPoints> points)
    {
        double[]?[] coefficients = new double[replicates][];
        (double, double)[] peaks = new (double, double)[replicates];
        Intercept[] intercepts = new Intercept[replicates];
        Parallel.For(0, replicates, replicate =>
        {
            ResampledPoints resampled = points(replicate);
            Intercept anchor = intercept is SftIntercept && resampled.SftWinRate is { } winRate ? new SftIntercept(winRate) : intercept;
            coefficients[replicate] = Solve(law, anchor, resampled);
            peaks[replicate] = PeakOf(law, anchor, coefficients[replicate]);
            intercepts[replicate] = anchor;
        });
        return new(coefficients, peaks, intercepts);
    }

    /// <summary>Percentile interval of coefficient i; null where too many resamples do not fix it.</summary>
    internal FitInterval? Interval(int i, double level, string method)
    {
        double[] values = [.. Coefficients.OfType<double[]>().Select(c => c[i])];
        return values.Length < Enough * Coefficients.Count ? null : FitInterval.From(Percentiles.Interval(values, level), method);
    }

    /// <summary>Percentile intervals of the law's win rate from d = 0 to <paramref name="largest"/>, each d for itself; empty where too
    /// many
    /// resamples do not fix the law.</summary>
    internal IReadOnlyList<FitSpan> Band(ScalingLaw law, double largest, double level)
    {
        int[] solved = [.. Enumerable.Range(0, Coefficients.Count).Where(replicate => Coefficients[replicate] is not null)];
        if (solved.Length < Enough * Coefficients.Count)
        {
            return [];
        }

        FitSpan[] band = new FitSpan[BandSteps + 1];
        Parallel.For(0, band.Length, k =>
        {
            double d = largest * k / BandSteps;
            ConfidenceInterval interval = Percentiles.Interval(solved.Select(replicate => WinRate(law, replicate, d)), level);
            band[k] = new(d, interval.Low, interval.High);
        });
        return band;
    }

    private double WinRate(ScalingLaw law, int replicate, double d)
    {
        double[] coefficients = Coefficients[replicate]!;
        Intercept intercept = Intercepts[replicate];
        return law.Value(LawRegression.InterceptOf(law, intercept, coefficients), d, LawRegression.LawPart(intercept, coefficients));
    }

    private static double[]? Solve(ScalingLaw law, Intercept intercept, ResampledPoints points)
    {
        int own = law.CoefficientNames.Count;
        int offset = intercept is FreeIntercept ? 1 : 0;
        int p = own + offset;
        double[] design = new double[points.SqrtKl.Length * p];
        for (int i = 0; i < points.SqrtKl.Length; i++)
        {
            Span<double> row = design.AsSpan(i * p, p);
            row[0] = 1;   // overwritten unless R₀ is free
            law.Basis(points.SqrtKl[i], row[offset..]);
        }

        double[] coefficients = new double[p];
        return law.Scale.TryRefit(design, points.WinRates, LawRegression.Anchor(law, intercept), coefficients) ? coefficients : null;
    }

    private static (double SqrtKl, double WinRate) PeakOf(ScalingLaw law, Intercept intercept, double[]? coefficients) =>
        coefficients is not null && law.Peak(LawRegression.LawPart(intercept, coefficients)) is { } peak
            ? (peak.SqrtKl, law.Risen(LawRegression.InterceptOf(law, intercept, coefficients), peak.Rise))
            : (double.PositiveInfinity, double.PositiveInfinity);
}
