namespace Goodhart.Evaluation.Statistics;

/// <summary>A ratio of two means over the same independent units, such as nats per token from each prompt's nats and tokens.</summary>
public static class RatioEstimate
{
    /// <summary>Σx/Σn with the linearised standard error √(Σ(xᵢ − R nᵢ)² / (P − 1) / P) / n̄ over P units.</summary>
    /// <exception cref="ArgumentException">No units, unequal numbers of them, or a sum of zero below the line.</exception>
    public static MeanEstimate Of(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators)
    {
        if (numerators.Length != denominators.Length || numerators.IsEmpty)
        {
            throw new ArgumentException(
                $"A ratio needs as many numerators as denominators, found {numerators.Length} and {denominators.Length}.");
        }

        double scale = MeanEstimate.Average(denominators);
        if (scale == 0)
        {
            throw new ArgumentException("A ratio needs denominators that do not add up to zero.", nameof(denominators));
        }

        double ratio = MeanEstimate.Average(numerators) / scale;
        double[] residuals = new double[numerators.Length];
        for (int i = 0; i < residuals.Length; i++)
        {
            residuals[i] = numerators[i] - (ratio * denominators[i]);
        }

        return new MeanEstimate(ratio, MeanEstimate.Of(residuals).StandardError / Math.Abs(scale), residuals.Length);
    }
}
