namespace Goodhart.Evaluation.Statistics;

/// <summary>Estimators of D_KL(π‖π_ref) from log-ratios log π(y)/π_ref(y) of samples y ~ π; nats, per sample.</summary>
/// <remarks>With r = π_ref/π: k1 = −ln r and k3 = r − 1 − ln r have the KL as expectation; k2 = (ln r)²/2 has not. Schulman,
/// "Approximating KL divergence".</remarks>
public static class LogRatioKl
{
    public static double K1(double logRatio) => logRatio;

    public static double K2(double logRatio) => logRatio * logRatio / 2;

    public static double K3(double logRatio)
    {
        double x = -logRatio;
        if (Math.Abs(x) > 0.1)
        {
            return Math.Exp(x) - 1 - x;
        }

        // eˣ − 1 − x cancels near zero, so there its series: x²/2 (1 + x/3 (1 + x/4 (...))).
        double series = 1;
        for (int n = 12; n >= 3; n--)
        {
            series = 1 + (x / n * series);
        }

        return x * x / 2 * series;
    }

    /// <summary>Mean and standard error of an estimator over independent samples.</summary>
    public static MeanEstimate Estimate(ReadOnlySpan<double> logRatios, Func<double, double> estimator)
    {
        double[] values = new double[logRatios.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = estimator(logRatios[i]);
        }

        return MeanEstimate.Of(values);
    }
}
