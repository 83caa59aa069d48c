using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Randomness;

namespace Goodhart.Evaluation.Statistics;

/// <summary>Resamples of the evaluation prompts, drawn once and shared: replicate r draws the same prompts for every checkpoint of a
/// study. Means are kept, so that every fit and claim on the same outcomes costs one pass over them.</summary>
public sealed class PromptDraws
{
    private readonly double[][] counts;
    private readonly ConcurrentDictionary<double[], double[]> means = new(ReferenceEqualityComparer.Instance);

    public PromptDraws(int prompts, int replicates, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(prompts);
        Prompts = prompts;
        Seed = seed;
        counts = new double[replicates][];
        ulong key = Philox.Key(seed, "fits/prompt-bootstrap");
        Parallel.For(0, replicates, replicate =>
        {
            counts[replicate] = new double[prompts];
            Bootstrap.DrawCounts(new RandomStream(key, (uint)replicate), counts[replicate]);
        });
    }

    public int Prompts { get; }

    public int Replicates => counts.Length;

    public ulong Seed { get; }

    /// <summary>The mean of <paramref name="values"/> on each resample: [prompts] to [replicates]. The array must not change
    /// afterwards.</summary>
    public double[] Means(double[] values)
    {
        if (values.Length != Prompts)
        {
            throw new ArgumentException($"Expected {Prompts} values, one per prompt, got {values.Length}.", nameof(values));
        }

        return means.GetOrAdd(values, static (v, draws) => draws.Compute(v), this);
    }

    private double[] Compute(double[] values)
    {
        double[] result = new double[Replicates];
        for (int replicate = 0; replicate < result.Length; replicate++)
        {
            result[replicate] = Dot(values, counts[replicate]) / Prompts;
        }

        return result;
    }

    // Four lanes on every machine, product and sum apart: the bits do not depend on the processor.
    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ReadOnlySpan<Vector256<double>> a = MemoryMarshal.Cast<double, Vector256<double>>(x);
        ReadOnlySpan<Vector256<double>> b = MemoryMarshal.Cast<double, Vector256<double>>(y);
        Vector256<double> lanes = Vector256<double>.Zero;
        for (int i = 0; i < a.Length; i++)
        {
            lanes += a[i] * b[i];
        }

        double sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (int i = a.Length * Vector256<double>.Count; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}
