namespace Goodhart.Studies.Configuration;

/// <summary>Checkpoints: ascending fractions of the epoch, the last one 1, each at least one update after the one before.</summary>
internal static class CheckpointRule
{
    private const string Key = "checkpoints";

    public static void Check(MappingReader align, AlignDefinition bound)
    {
        if (bound.Checkpoints.Count == 0)
        {
            return;
        }

        string found = string.Join(", ", bound.Checkpoints.Select(fraction => FormattableString.Invariant($"{fraction}")));
        align.Require(
            bound.Checkpoints.Zip(bound.Checkpoints.Skip(1)).All(pair => pair.First < pair.Second),
            Key,
            $"expected ascending fractions, found {found}.");
        align.Require(bound.Checkpoints[^1] == 1, Key, $"expected 1 as the last fraction, found {found}.");
        if (bound.Pairs is { } pairs)
        {
            CheckUpdates(align, bound, pairs / bound.BatchSize);
        }
    }

    private static void CheckUpdates(MappingReader align, AlignDefinition bound, int updates)
    {
        int[] at = [.. bound.Checkpoints.Select(fraction => (int)Math.Round(fraction * updates))];
        align.Require(
            at[0] >= 1 && at.Distinct().Count() == at.Length,
            Key,
            $"expected at least one update before each, found updates {string.Join(", ", at)} of the {updates} in an epoch; "
            + "use fewer checkpoints or more pairs.");
    }
}
