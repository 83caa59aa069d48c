using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Length;

/// <summary>A win rate with its standard error over prompts, or why there is none.</summary>
/// <param name="Prompts">Prompts it is made of.</param>
/// <param name="Refused">Null where there is a value.</param>
public sealed record RateEstimate(double? Value, double? StandardError, int Prompts, string? Refused)
{
    internal static RateEstimate Of(ReadOnlySpan<double> wins)
    {
        MeanEstimate mean = MeanEstimate.Of(wins);
        return new(mean.Mean, mean.StandardError, mean.Count, null);
    }

    internal static RateEstimate Refuse(string reason, int prompts) => new(null, null, prompts, reason);
}
