using Goodhart.Alignment.Training;

namespace Goodhart.Steps.Training;

/// <summary>What differs between the kinds of training: which rows an update reads, and what it reports.</summary>
internal abstract class SegmentTrainer : IDisposable
{
    public abstract Updater Updater { get; }

    /// <summary>Rows there are to train on.</summary>
    public abstract int Rows { get; }

    /// <summary>One update.</summary>
    /// <returns>Tokens it read, and what docs/metrics.md names.</returns>
    public abstract (long Tokens, Dictionary<string, double> Metrics) Step(int[] rows, int totalSteps);

    public abstract void Dispose();
}
