namespace Goodhart.Evaluation.Statistics;

/// <summary>Logistic regression for refits by the thousand: Newton's steps by <see cref="NormalEquations"/>, no allocation.</summary>
/// <remarks><see cref="LogisticRegression"/> is the exact one, with errors and leverages; coefficients agree to about eight
/// digits.</remarks>
internal static class LogisticRefit
{
    private const int MostIterations = 60;
    private const double Converged = 1e-9;

    // As in LogisticRegression: beyond it the likelihood has no finite maximum that doubles can find.
    private const double Separated = 25;

    /// <summary>False where the maximum does not exist or the columns are linearly dependent.</summary>
    /// <param name="design">X row by row, [n·p].</param>
    /// <param name="shares">y in [0, 1], shape [n].</param>
    /// <param name="offset">Added to every unit's X·b, in logits.</param>
    /// <param name="coefficients">Result, shape [p], few.</param>
    public static bool TrySolve(ReadOnlySpan<double> design, ReadOnlySpan<double> shares, double offset, Span<double> coefficients)
    {
        int p = coefficients.Length;
        Span<double> information = stackalloc double[p * p];
        Span<double> score = stackalloc double[p];
        Span<double> step = stackalloc double[p];
        Span<double> next = stackalloc double[p];
        coefficients.Clear();
        double likelihood = LogLikelihood(design, shares, offset, coefficients);
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            Sums(design, shares, offset, coefficients, information, score);
            if (!NormalEquations.TrySolveSums(information, score, step))
            {
                return false;
            }

            // Newton's step overshoots where the likelihood is flat: halve it until it does not fall.
            double reached = double.NegativeInfinity;
            for (double length = 1; length > 1e-6 && reached < likelihood - 1e-12; length /= 2)
            {
                for (int j = 0; j < p; j++)
                {
                    next[j] = coefficients[j] + (length * step[j]);
                }

                reached = LogLikelihood(design, shares, offset, next);
            }

            next.CopyTo(coefficients);
            likelihood = reached;
            if (!(Furthest(design, shares.Length, offset, coefficients) <= Separated))
            {
                return false;
            }

            if (Norm(step) <= Converged * (1 + Norm(coefficients)))
            {
                return true;
            }
        }

        return false;
    }

    private static void Sums(
        ReadOnlySpan<double> design, ReadOnlySpan<double> shares, double offset, ReadOnlySpan<double> b, Span<double> information,
        Span<double> score)
    {
        int p = b.Length;
        information.Clear();
        score.Clear();
        for (int i = 0; i < shares.Length; i++)
        {
            ReadOnlySpan<double> row = design.Slice(i * p, p);
            double share = LogisticRegression.Sigmoid(Logit(row, offset, b));
            double weight = share * (1 - share);
            for (int j = 0; j < p; j++)
            {
                score[j] += row[j] * (shares[i] - share);
                for (int k = 0; k <= j; k++)
                {
                    information[(j * p) + k] += weight * row[j] * row[k];
                }
            }
        }
    }

    /// <summary>Σ y η − log(1 + e^η).</summary>
    internal static double LogLikelihood(ReadOnlySpan<double> design, ReadOnlySpan<double> shares, double offset, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            double logit = Logit(design.Slice(i * b.Length, b.Length), offset, b);
            sum += (shares[i] * logit) - (Math.Max(logit, 0) + Math.Log(1 + Math.Exp(-Math.Abs(logit))));
        }

        return sum;
    }

    private static double Furthest(ReadOnlySpan<double> design, int count, double offset, ReadOnlySpan<double> b)
    {
        double furthest = 0;
        for (int i = 0; i < count; i++)
        {
            furthest = Math.Max(furthest, Math.Abs(Logit(design.Slice(i * b.Length, b.Length), offset, b)));
        }

        return furthest;
    }

    internal static double Logit(ReadOnlySpan<double> row, double offset, ReadOnlySpan<double> b)
    {
        double sum = offset;
        for (int j = 0; j < b.Length; j++)
        {
            sum += row[j] * b[j];
        }

        return sum;
    }

    internal static double Norm(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }
}
