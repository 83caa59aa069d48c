using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Alarms;

/// <summary>Where the win rate of a whole run was highest, and which of its checkpoints are past that: the truth that alarms are held
/// to.</summary>
/// <remarks>
/// <para>The peak is the checkpoint with the highest win rate, the SFT model among them. A run has <em>peaked</em> where its last
/// checkpoint is below the peak: one-sided paired t test over prompts, p times the number of checkpoints that could have been the peak
/// below <see cref="Alpha"/>. It is <em>rising</em> where the last is the highest. All others are <em>undecided</em>.</para>
/// <para>A checkpoint of a rising run is not past, nor is one up to the peak of a run that peaked. After the peak it is past where the same
/// test says that it is below the peak, and undecided otherwise.</para>
/// </remarks>
public static class PeakRule
{
    public const double Alpha = 0.05;

    /// <param name="start">The SFT model.</param>
    /// <param name="run">In order of training, at least one.</param>
    public static RunTruth Of(RunMeasurement start, IReadOnlyList<RunMeasurement> run)
    {
        RunMeasurement[] path = [start, .. run];
        int peak = Enumerable.Range(0, path.Length).MaxBy(i => path[i].Score);
        RunOutcome outcome = peak == path.Length - 1 ? RunOutcome.Rising
            : IsBelow(path, peak, path.Length - 1) ? RunOutcome.Peaked
            : RunOutcome.Undecided;
        bool?[] past =
        [
            .. Enumerable.Range(1, run.Count).Select(i => outcome switch
            {
                RunOutcome.Undecided => (bool?)null,
                RunOutcome.Peaked when i > peak => IsBelow(path, peak, i) ? true : null,
                _ => false,
            }),
        ];
        return new RunTruth(outcome, peak - 1, past);
    }

    private static bool IsBelow(RunMeasurement[] path, int peak, int later) =>
        Decline.Between(path[peak], path[later]).P is { } p && MultipleComparisons.Bonferroni(p, path.Length - 1) < Alpha;
}

public enum RunOutcome
{
    /// <summary>The end is below the peak beyond chance.</summary>
    Peaked,

    /// <summary>The end is the highest.</summary>
    Rising,

    /// <summary>The end is below the peak, and it may be chance.</summary>
    Undecided,
}

/// <param name="Peak">Index of the highest checkpoint; −1: the SFT model.</param>
/// <param name="Past">By checkpoint: whether it is past the peak; null where that is undecided.</param>
public sealed record RunTruth(RunOutcome Outcome, int Peak, IReadOnlyList<bool?> Past);
