namespace Goodhart.Evaluation.Statistics;

/// <summary>Logistic regression whose slopes are held near zero: the maximum of Σ yη − log(1 + e^η) − λ/2 Σ b², the intercept
/// free.</summary>
/// <remarks>Unlike <see cref="LogisticRegression"/> it has a maximum whatever the columns are, as long as both answers occur: columns that
/// separate them, or that say the same thing twice, are no obstacle. Newton's method with halved steps; the penalty is on the columns as
/// they are given, so bring them to one scale first.</remarks>
public static class RidgeLogistic
{
    private const int MostIterations = 100;
    private const double Converged = 1e-11;

    /// <param name="design">X row by row, [n·p], without a column of ones.</param>
    /// <param name="outcomes">y, 0 or 1 or between, shape [n]; not all 0 and not all 1.</param>
    /// <param name="penalty">λ, above 0.</param>
    /// <returns>The intercept, then the p slopes, in logits.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, λ is not above 0, or only one answer occurs.</exception>
    public static double[] Fit(ReadOnlySpan<double> design, ReadOnlySpan<double> outcomes, double penalty)
    {
        int n = outcomes.Length;
        if (n == 0 || design.Length % n != 0 || !(penalty > 0))
        {
            throw new ArgumentException(
                $"Ridge logistic: expected X [n·p], y [n] and a penalty above 0, got [{design.Length}], [{n}] and {penalty}.");
        }

        double sum = 0;
        foreach (double outcome in outcomes)
        {
            sum += outcome;
        }

        if (sum <= 0 || sum >= n)
        {
            throw new ArgumentException($"Ridge logistic: all {n} outcomes are the same, so nothing tells them apart.", nameof(outcomes));
        }

        int p = design.Length / n;
        double[] b = new double[p + 1];
        b[0] = Math.Log(sum / (n - sum));
        double reached = Objective(design, outcomes, penalty, b);
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            double[] step = Step(design, outcomes, penalty, b);
            (double[] next, double higher) = Uphill(design, outcomes, penalty, b, step, reached);
            (b, reached) = (next, higher);
            if (LogisticRefit.Norm(step) <= Converged * (1 + LogisticRefit.Norm(b)))
            {
                break;
            }
        }

        return b;
    }

    /// <summary>σ(b₀ + x·b).</summary>
    /// <param name="coefficients">As <see cref="Fit"/> returns them.</param>
    public static double Probability(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> row) =>
        LogisticRegression.Sigmoid(LogisticRefit.Logit(row, coefficients[0], coefficients[1..]));

    private static double[] Step(ReadOnlySpan<double> design, ReadOnlySpan<double> outcomes, double penalty, double[] b)
    {
        int size = b.Length;
        double[] information = new double[size * size];
        double[] score = new double[size];
        double[] step = new double[size];
        Span<double> row = new double[size];
        row[0] = 1;
        for (int i = 0; i < outcomes.Length; i++)
        {
            design.Slice(i * (size - 1), size - 1).CopyTo(row[1..]);
            double share = Probability(b, row[1..]);
            double weight = share * (1 - share);
            for (int j = 0; j < size; j++)
            {
                score[j] += row[j] * (outcomes[i] - share);
                for (int k = 0; k <= j; k++)
                {
                    information[(j * size) + k] += weight * row[j] * row[k];
                }
            }
        }

        for (int j = 1; j < size; j++)
        {
            score[j] -= penalty * b[j];
            information[(j * size) + j] += penalty;
        }

        // Far from the maximum the weights can round to nothing and the intercept be lost; the start at the mean outcome keeps away.
        return NormalEquations.TrySolveSums(information, score, step)
            ? step
            : throw new InvalidDataException("Ridge logistic: the columns have values that are not finite, or of hopeless scale.");
    }

    // Newton's step overshoots where the likelihood is flat: halve it until it does not fall.
    private static (double[] Next, double Reached) Uphill(
        ReadOnlySpan<double> design, ReadOnlySpan<double> outcomes, double penalty, double[] b, double[] step, double reached)
    {
        double[] next = new double[b.Length];
        for (double length = 1; length > 1e-9; length /= 2)
        {
            for (int j = 0; j < b.Length; j++)
            {
                next[j] = b[j] + (length * step[j]);
            }

            double now = Objective(design, outcomes, penalty, next);
            if (now >= reached - 1e-12)
            {
                return (next, now);
            }
        }

        return (b, reached);
    }

    private static double Objective(ReadOnlySpan<double> design, ReadOnlySpan<double> outcomes, double penalty, double[] b)
    {
        double slopes = LogisticRefit.Norm(b.AsSpan(1));
        return LogisticRefit.LogLikelihood(design, outcomes, b[0], b.AsSpan(1)) - (penalty / 2 * slopes * slopes);
    }
}
