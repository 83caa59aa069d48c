using Goodhart.Engine.Randomness;

namespace Goodhart.Evaluation.Statistics;

/// <summary>Resampling with replacement. Replicate r draws from its own addressed stream, so neither order nor number of replicates
/// changes another.</summary>
public static class Bootstrap
{
    public const int DefaultReplicates = 2000;

    /// <summary>How often each of <paramref name="counts"/>.Length items is drawn in one resample.</summary>
    public static void DrawCounts(RandomStream random, Span<double> counts)
    {
        counts.Clear();
        for (int draw = 0; draw < counts.Length; draw++)
        {
            counts[random.NextInt(counts.Length)]++;
        }
    }

    /// <summary>The value of a statistic on each resample.</summary>
    /// <param name="items">Number of independent units (prompts, runs).</param>
    /// <param name="statistic">From how often each unit was drawn, [items].</param>
    public static double[] Replicate(int items, Func<double[], double> statistic, int replicates, ulong seed, string purpose)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(items);
        double[] values = new double[replicates];
        double[] counts = new double[items];
        ulong key = Philox.Key(seed, purpose);
        for (int replicate = 0; replicate < replicates; replicate++)
        {
            DrawCounts(new RandomStream(key, (uint)replicate), counts);
            values[replicate] = statistic(counts);
        }

        return values;
    }

    /// <summary>Percentile interval of the mean of x − y, prompts resampled jointly.</summary>
    public static ConfidenceInterval PairedMeanDifference(
        ReadOnlySpan<double> x, ReadOnlySpan<double> y, ulong seed, double level = 0.95, int replicates = DefaultReplicates)
    {
        double[] differences = PairedDifference.Differences(x, y);
        return Percentiles.Interval(
            Replicate(differences.Length, counts => WeightedMean(differences, counts), replicates, seed, "bootstrap/paired-mean"), level);
    }

    internal static double WeightedMean(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i] * weights[i];
            total += weights[i];
        }

        return sum / total;
    }
}
