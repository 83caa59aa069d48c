namespace Goodhart.Evaluation.Statistics;

/// <summary>An ordinary least-squares fit of n rows by p coefficients, and what follows from it.</summary>
public sealed record LeastSquaresFit
{
    /// <summary>Shape [p].</summary>
    public required double[] Coefficients { get; init; }

    /// <summary>y, shape [n].</summary>
    public required double[] Response { get; init; }

    /// <summary>X·b, shape [n].</summary>
    public required double[] Fitted { get; init; }

    /// <summary>The diagonal of the hat matrix X (XᵀX)⁻¹ Xᵀ, shape [n].</summary>
    public required double[] Leverages { get; init; }

    /// <summary>(XᵀX)⁻¹, shape [p, p].</summary>
    public required double[,] CrossProductInverse { get; init; }

    public int Count => Response.Length;

    public int Parameters => Coefficients.Length;

    /// <summary>n − p.</summary>
    public int DegreesOfFreedom => Count - Parameters;

    public double[] Residuals => PairedDifference.Differences(Response, Fitted);

    /// <summary>Residual sum of squares.</summary>
    public double Rss => Residuals.Sum(r => r * r);

    /// <summary>√(rss/n).</summary>
    public double Rmse => Math.Sqrt(Rss / Count);

    /// <summary>rss/(n − p); null where n = p.</summary>
    public double? ResidualVariance => DegreesOfFreedom > 0 ? Rss / DegreesOfFreedom : null;

    /// <summary>1 − rss/Σ(y − ȳ)²: negative where the fit (without intercept) is worse than the mean. Null for a constant y.</summary>
    public double? RSquaredCentred => RSquared(MeanEstimate.SquaredDeviations(Response, MeanEstimate.Average(Response)));

    /// <summary>1 − rss/Σy². Null where y is zero.</summary>
    public double? RSquaredUncentred => RSquared(MeanEstimate.SquaredDeviations(Response, 0));

    /// <summary>n ln(rss/n) + 2(p + 1): Gaussian errors, the variance counted as a parameter, constants left out.</summary>
    public double Aic => (Count * Math.Log(Rss / Count)) + (2 * (Parameters + 1));

    /// <summary>n ln(rss/n) + (p + 1) ln n.</summary>
    public double Bic => (Count * Math.Log(Rss / Count)) + ((Parameters + 1) * Math.Log(Count));

    /// <summary>Prediction error of each row by the fit without it: e/(1 − h), shape [n]. Null where a row alone fixes a coefficient (h =
    /// 1).</summary>
    public double[]? LeaveOneOutErrors()
    {
        double[] errors = new double[Count];
        double[] residuals = Residuals;
        for (int i = 0; i < errors.Length; i++)
        {
            double free = 1 - Leverages[i];
            if (free < 1e-10)
            {
                return null;
            }

            errors[i] = residuals[i] / free;
        }

        return errors;
    }

    /// <summary>Root mean square of the leave-one-out errors.</summary>
    public double? RmseLeaveOneOut => LeaveOneOutErrors() is { } errors ? Math.Sqrt(errors.Sum(e => e * e) / errors.Length) : null;

    /// <summary>σ² (XᵀX)⁻¹, element [i, j]; null where n = p.</summary>
    public double? Covariance(int i, int j) => ResidualVariance * CrossProductInverse[i, j];

    public double? StandardError(int i) => Covariance(i, i) is { } variance ? Math.Sqrt(variance) : null;

    /// <summary>Two-sided p value of coefficient i against zero.</summary>
    public double? P(int i) => StandardError(i) is { } error
        ? StudentsT.TwoSidedP(Coefficients[i] == 0 ? 0 : Coefficients[i] / error, DegreesOfFreedom)
        : null;

    /// <summary>t interval of coefficient i.</summary>
    public ConfidenceInterval? Interval(int i, double level = 0.95)
    {
        ConfidenceInterval.RequireLevel(level);
        if (StandardError(i) is not { } error)
        {
            return null;
        }

        double half = StudentsT.Quantile(0.5 + (level / 2), DegreesOfFreedom) * error;
        return new(Coefficients[i] - half, Coefficients[i] + half, level);
    }

    // A "constant" sum of squares of rounding noise is zero for this purpose.
    private double? RSquared(double total) => total <= 1e-28 * Response.Sum(y => y * y) || total == 0 ? null : 1 - (Rss / total);
}
