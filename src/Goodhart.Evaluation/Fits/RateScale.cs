using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits;

/// <summary>The scale on which a law of the win rate is linear in its coefficients, and what fits it there.</summary>
public abstract record RateScale
{
    /// <summary>The rate itself, by least squares.</summary>
    public static RateScale Identity { get; } = new IdentityScale();

    /// <summary>log R/(1 − R), by the binomial likelihood: rates of 0 and 1 are data, not infinities.</summary>
    public static RateScale Logit { get; } = new LogitScale();

    /// <summary>A rate on this scale.</summary>
    public abstract double Of(double rate);

    /// <summary>The rate at a value of this scale.</summary>
    public abstract double Rate(double value);

    /// <summary>Null where the points do not fix the coefficients, or the anchor is not finite on this scale.</summary>
    /// <param name="design">Shape [n, p].</param>
    /// <param name="rates">Shape [n].</param>
    /// <param name="anchor">Added to every row's value: R₀ on this scale where it is fixed.</param>
    internal abstract LawSolution? Fit(double[,] design, ReadOnlySpan<double> rates, double anchor);

    /// <summary>The coefficients alone, for refits by the thousand; false where <see cref="Fit"/> has none.</summary>
    /// <param name="design">Row by row, [n·p].</param>
    internal abstract bool TryRefit(ReadOnlySpan<double> design, ReadOnlySpan<double> rates, double anchor, Span<double> coefficients);

    private sealed record IdentityScale : RateScale
    {
        public override double Of(double rate) => rate;

        public override double Rate(double value) => value;

        internal override LawSolution? Fit(double[,] design, ReadOnlySpan<double> rates, double anchor) =>
            LeastSquares.Fit(design, Less(rates, anchor)) is not { } fit ? null : new LawSolution(
                fit.Coefficients,
                [.. Enumerable.Range(0, fit.Parameters).Select(fit.StandardError)],
                [.. fit.Fitted.Select(value => value + anchor)],
                fit.Residuals,
                fit.Leverages);

        internal override bool TryRefit(
            ReadOnlySpan<double> design, ReadOnlySpan<double> rates, double anchor, Span<double> coefficients) =>
            NormalEquations.TrySolve(design, Less(rates, anchor), coefficients);

        private static double[] Less(ReadOnlySpan<double> rates, double anchor)
        {
            double[] response = rates.ToArray();
            for (int i = 0; i < response.Length; i++)
            {
                response[i] -= anchor;
            }

            return response;
        }
    }

    private sealed record LogitScale : RateScale
    {
        public override double Of(double rate) => Math.Log(rate / (1 - rate));

        public override double Rate(double value) => LogisticRegression.Sigmoid(value);

        internal override LawSolution? Fit(double[,] design, ReadOnlySpan<double> rates, double anchor)
        {
            if (!double.IsFinite(anchor) || LogisticRegression.Fit(design, rates, anchor) is not { } fit)
            {
                return null;
            }

            double[] residuals = PairedDifference.Differences(rates.ToArray(), fit.Fitted);
            return new LawSolution(
                fit.Coefficients,
                [.. Enumerable.Range(0, fit.Coefficients.Length).Select(i => (double?)fit.StandardError(i))],
                fit.Fitted,
                residuals,
                fit.Leverages);
        }

        internal override bool TryRefit(
            ReadOnlySpan<double> design, ReadOnlySpan<double> rates, double anchor, Span<double> coefficients) =>
            double.IsFinite(anchor) && LogisticRefit.TrySolve(design, rates, anchor, coefficients);
    }
}
