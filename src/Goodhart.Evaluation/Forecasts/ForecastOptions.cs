namespace Goodhart.Evaluation.Forecasts;

/// <summary>What a forecast may see.</summary>
public sealed record ForecastOptions
{
    /// <summary>How many checkpoints of each run have been measured; null: all there are.</summary>
    public int? SeenCheckpoints { get; init; }

    /// <summary>How many of a group's β, from the largest (the smallest budget) down, a sweep's forecast sees; null: the larger
    /// half.</summary>
    public int? SeenBetas { get; init; }

    /// <summary>Decides whether a run goes on.</summary>
    public StopRule Rule { get; init; } = StopRule.Default;

    /// <summary>A stop is a false alarm where a later checkpoint beats all before it by more than this.</summary>
    public double FalseAlarmMargin { get; init; } = 0.02;

    /// <summary>Coverage of the intervals.</summary>
    public double Level { get; init; } = 0.95;
}
