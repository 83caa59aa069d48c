namespace Goodhart.Studies.Configuration;

/// <summary>Where in the epoch a run's checkpoints lie.</summary>
public abstract record CheckpointCadence
{
    /// <summary>
    /// Fractions of the epoch, ascending, the last one 1; each a whole number of updates when multiplied by them and rounded.
    /// </summary>
    /// <param name="updates">Of the epoch.</param>
    public abstract IReadOnlyList<double> Fractions(int updates, int batchSize);
}

/// <summary>At fractions that the study lists.</summary>
public sealed record AtFractions(IReadOnlyList<double> Values) : CheckpointCadence
{
    public override IReadOnlyList<double> Fractions(int updates, int batchSize) => Values;
}

/// <summary>
/// Each time so many examples more were seen, rounded down to whole batches, and at the end: the reference code's cadence.
/// </summary>
public sealed record EveryExamples(int Examples) : CheckpointCadence
{
    public override IReadOnlyList<double> Fractions(int updates, int batchSize)
    {
        int apart = Math.Max(1, Examples / batchSize);
        return [.. Enumerable.Range(1, Math.Max(0, (updates - 1) / apart)).Select(part => (double)(part * apart) / updates), 1.0];
    }
}
