using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>Is a run's last checkpoint worse than its best? An element of results.json's forecasts.</summary>
/// <param name="Last">The last checkpoint.</param>
/// <param name="BestFraction">Where the best lies.</param>
/// <param name="Fall">Best minus last.</param>
/// <param name="StandardError">Of the fall; paired over prompts where outcomes are known.</param>
/// <param name="P">One-sided, times the number of checkpoints that could have been the best (Bonferroni); null where errors are not
/// known.</param>
/// <param name="Worse">P &lt; 0.05: the run over-optimized.</param>
public sealed record RunDecline(
    CheckpointKey Last, double BestFraction, double BestWinRate, double LastWinRate, double Fall, double? StandardError, double? P,
    bool Worse)
{
    public const double Alpha = 0.05;

    /// <param name="key">Of the last checkpoint.</param>
    /// <param name="run">In order of training; two checkpoints or more.</param>
    internal static RunDecline Of(CheckpointKey key, IReadOnlyList<RunMeasurement> run)
    {
        RunMeasurement last = run[^1];
        RunMeasurement best = run.MaxBy(m => m.Score)!;
        if (best == last)
        {
            return new(key, last.Fraction, last.Score, last.Score, 0, null, 1, false);
        }

        Decline decline = Decline.Between(best, last);
        double? p = decline.P is { } one ? MultipleComparisons.Bonferroni(one, run.Count - 1) : null;
        return new(key, best.Fraction, best.Score, last.Score, decline.Fall, decline.StandardError, p, p < Alpha);
    }
}
