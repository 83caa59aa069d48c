using System.Globalization;
using Goodhart.Steps.Training;
using Goodhart.Text;

namespace Goodhart.Steps.Runs;

/// <summary>Where a run is cut.</summary>
/// <param name="Fractions">Of the run, ascending, the last one 1: where checkpoints are kept.</param>
/// <param name="ResumeEvery">At most so many updates are lost by an interruption.</param>
public sealed record CheckpointPlan(IReadOnlyList<double> Fractions, int ResumeEvery)
{
    /// <exception cref="ArgumentException">Not ascending to 1.</exception>
    public void Validate()
    {
        bool ascending = Fractions.Zip(Fractions.Skip(1)).All(pair => pair.First < pair.Second);
        if (Fractions.Count == 0 || Fractions[0] <= 0 || Fractions[^1] != 1 || !ascending)
        {
            throw new ArgumentException($"checkpoints: expected ascending fractions of the run, the last one 1, found {Text()}.");
        }
    }

    /// <summary>Updates at which a part of the run ends, and whether a checkpoint is kept there.</summary>
    /// <exception cref="ArgumentException">Two checkpoints at one update.</exception>
    public IReadOnlyList<(int End, bool IsCheckpoint)> Ends(int totalSteps)
    {
        int[] kept = [.. Fractions.Select(fraction => (int)Math.Round(fraction * totalSteps))];
        if (kept[0] < 1 || kept.Distinct().Count() != kept.Length)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"checkpoints: the run has {Quantity.Of(totalSteps, "update")}, too few for one or more before each of {Text()}. Give "
                    + $"fewer, or train longer."));
        }

        IEnumerable<int> between = Enumerable.Range(1, totalSteps / ResumeEvery).Select(part => part * ResumeEvery);
        return [.. kept.Union(between).Order().Select(end => (end, kept.Contains(end)))];
    }

    /// <summary>A run in parts, each of which goes on from the one before.</summary>
    /// <param name="whole">The run as one part: where a part ends, what it goes on from and what of it stays is said here.</param>
    /// <param name="keepsWeights">Of a checkpoint by its fraction of the run; null: all stay.</param>
    /// <param name="keepsOptimizer">The same of the optimizer's state; null: none stays.</param>
    /// <param name="further">Updates at which the run is cut besides.</param>
    /// <param name="amend">Makes a part what it is from where it begins and ends; null: all do the same.</param>
    /// <exception cref="ArgumentException">Two checkpoints at one update.</exception>
    public IReadOnlyList<T> Cut<T>(
        T whole, Func<double, bool>? keepsWeights = null, Func<double, bool>? keepsOptimizer = null, IEnumerable<int>? further = null,
        Func<T, T>? amend = null)
        where T : TrainingSegment
    {
        TrainingSegment part = whole with { ScheduledSteps = whole.Recipe.LearningRate.DependsOnLength ? whole.TotalSteps : null };
        List<T> parts = [];
        IReadOnlyList<(int End, bool IsCheckpoint)> ends = Ends(whole.TotalSteps);
        IEnumerable<(int End, bool IsCheckpoint)> between = (further ?? []).Except(ends.Select(end => end.End)).Select(end => (end, false));
        foreach ((int end, bool isCheckpoint) in ends.Concat(between).OrderBy(end => end.End))
        {
            double fraction = (double)end / whole.TotalSteps;
            T next = (T)(part with
            {
                End = end,
                Previous = parts.LastOrDefault(),
                KeepsWeights = isCheckpoint && (keepsWeights?.Invoke(fraction) ?? true),
                KeepsOptimizer = isCheckpoint && (keepsOptimizer?.Invoke(fraction) ?? false),
            });
            parts.Add(amend?.Invoke(next) ?? next);
        }

        return parts;
    }

    private string Text() => string.Join(", ", Fractions.Select(fraction => FormattableString.Invariant($"{fraction}")));
}
