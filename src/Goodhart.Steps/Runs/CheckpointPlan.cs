using System.Globalization;
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

    private string Text() => string.Join(", ", Fractions.Select(fraction => FormattableString.Invariant($"{fraction}")));
}
