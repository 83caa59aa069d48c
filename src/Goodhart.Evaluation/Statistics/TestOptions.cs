namespace Goodhart.Evaluation.Statistics;

/// <summary>How claims are decided.</summary>
public sealed record TestOptions
{
    /// <summary>Level of every paired test, before correction.</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>Coverage of every interval.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Bootstrap replicates.</summary>
    public int Replicates { get; init; } = Bootstrap.DefaultReplicates;

    public ulong Seed { get; init; }
}
