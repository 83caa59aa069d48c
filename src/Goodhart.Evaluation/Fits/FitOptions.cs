using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits;

/// <summary>Which intercept each group gets; see <see cref="Intercept"/>.</summary>
public enum InterceptKind
{
    Sft,
    Free,
    None,
}

/// <summary>What to fit and how.</summary>
public sealed record FitOptions
{
    public IReadOnlyList<ScalingLaw> Laws { get; init; } = ScalingLaw.All;

    public InterceptKind Intercept { get; init; } = InterceptKind.Sft;

    /// <summary>R₀ of the sft intercept where the points contain no SFT model.</summary>
    public double? SftWinRate { get; init; }

    /// <summary>Columns that make a group; null: loss and model where the file has them.</summary>
    public IReadOnlyList<string>? GroupBy { get; init; }

    /// <summary>Bootstrap replicates behind each interval.</summary>
    public int Replicates { get; init; } = Bootstrap.DefaultReplicates;

    public ulong Seed { get; init; }

    /// <summary>Coverage of the intervals.</summary>
    public double Level { get; init; } = 0.95;
}
