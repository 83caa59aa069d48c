using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Metrics;

/// <summary>The runs of one loss at one size, each as its sums of statistic and win rate.</summary>
internal sealed record SizedRuns(string Model, PairMoments[] Runs)
{
    public PairMoments Whole { get; } = Runs.Aggregate((a, b) => a + b);

    /// <param name="checkpoints">Of one loss, with a value each.</param>
    public static IEnumerable<SizedRuns> Of(EvaluatedCheckpoint[] checkpoints, Func<CheckpointPoint, double?> value)
    {
        if (checkpoints.Length == 0)
        {
            yield break;
        }

        // About the grand mean: sums of squares of numbers far from zero would cancel.
        double meanX = checkpoints.Average(c => value(c.Point)!.Value);
        double meanY = checkpoints.Average(c => c.WinRate);
        foreach (IGrouping<string, EvaluatedCheckpoint> model in checkpoints.GroupBy(c => c.Point.Model))
        {
            yield return new(model.Key, [.. Points.Runs.Of(model).Select(run => run
                .Select(c => PairMoments.Of(value(c.Point)!.Value - meanX, c.WinRate - meanY))
                .Aggregate((a, b) => a + b))]);
        }
    }

    /// <summary>Resamples runs within each size; NaN where a draw has no correlation.</summary>
    public static double[] Replicate(SizedRuns[] sizes, Func<PairMoments[], double?> statistic, TestOptions options)
    {
        ulong key = Philox.Key(options.Seed, "metrics/runs");
        double[] values = new double[options.Replicates];
        Parallel.For(0, values.Length, replicate =>
        {
            RandomStream random = new(key, (uint)replicate);
            PairMoments[] drawn = new PairMoments[sizes.Length];
            for (int size = 0; size < sizes.Length; size++)
            {
                PairMoments[] runs = sizes[size].Runs;
                double[] counts = new double[runs.Length];
                Bootstrap.DrawCounts(random, counts);
                drawn[size] = runs.Select((run, i) => counts[i] * run).Aggregate((a, b) => a + b);
            }

            values[replicate] = statistic(drawn) ?? double.NaN;
        });
        return values;
    }
}
