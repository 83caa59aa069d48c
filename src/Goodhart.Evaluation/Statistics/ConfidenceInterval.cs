namespace Goodhart.Evaluation.Statistics;

/// <summary>A two-sided interval.</summary>
/// <param name="Level">Its nominal coverage, for example 0.95.</param>
public readonly record struct ConfidenceInterval(double Low, double High, double Level)
{
    public bool Contains(double value) => Low <= value && value <= High;

    internal static void RequireLevel(double level)
    {
        if (!(level > 0 && level < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1, for example 0.95.");
        }
    }
}
