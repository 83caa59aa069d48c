namespace Goodhart.Evaluation.Statistics;

/// <summary>The paired t test of two policies on the same prompts: the mean of x − y over prompts.</summary>
/// <param name="T">Mean over its standard error; ±∞ where all differences are equal and not zero.</param>
/// <param name="P">Two-sided; 1 where every difference is zero.</param>
public readonly record struct PairedDifference(double Mean, double StandardError, double T, int DegreesOfFreedom, double P)
{
    /// <summary>Compares per-prompt values in the same prompt order.</summary>
    public static PairedDifference Between(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Of(Differences(x, y));

    /// <summary>Tests per-prompt differences against zero.</summary>
    public static PairedDifference Of(ReadOnlySpan<double> differences)
    {
        if (differences.Length < 2)
        {
            throw new ArgumentException($"A paired test needs at least two pairs, got {differences.Length}.", nameof(differences));
        }

        MeanEstimate estimate = MeanEstimate.Of(differences);
        double error = estimate.StandardError!.Value;
        double t = estimate.Mean == 0 ? 0 : estimate.Mean / error;
        int degreesOfFreedom = differences.Length - 1;
        return new(estimate.Mean, error, t, degreesOfFreedom, StudentsT.TwoSidedP(t, degreesOfFreedom));
    }

    public ConfidenceInterval Interval(double level = 0.95)
    {
        ConfidenceInterval.RequireLevel(level);
        double half = StudentsT.Quantile(0.5 + (level / 2), DegreesOfFreedom) * StandardError;
        return new(Mean - half, Mean + half, level);
    }

    internal static double[] Differences(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"Paired values must have one length, got {x.Length} and {y.Length}.");
        }

        double[] differences = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            differences[i] = x[i] - y[i];
        }

        return differences;
    }
}
