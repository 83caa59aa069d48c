namespace Goodhart.Evaluation.Statistics;

/// <summary>The exact sign test of paired values: which is larger, ties left out.</summary>
/// <param name="P">Two-sided; 1 where all pairs tie.</param>
public readonly record struct SignTest(int Larger, int Smaller, int Ties, double P)
{
    /// <summary>Counts where x is larger and smaller than y, in the same prompt order.</summary>
    public static SignTest Between(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double[] differences = PairedDifference.Differences(x, y);
        int larger = differences.Count(d => d > 0);
        int smaller = differences.Count(d => d < 0);
        return new(larger, smaller, differences.Length - larger - smaller, Proportion.BinomialPAgainstHalf(larger, larger + smaller));
    }
}
