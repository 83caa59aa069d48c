namespace Goodhart.Evaluation.Statistics;

/// <summary>A mean with its standard error.</summary>
/// <param name="StandardError">Sample standard deviation over √n; null for a single value.</param>
/// <param name="Count">Number of independent values: of prompts, where several samples share one.</param>
public readonly record struct MeanEstimate(double Mean, double? StandardError, int Count)
{
    /// <summary>Of independent values.</summary>
    public static MeanEstimate Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("A mean needs at least one value.", nameof(values));
        }

        double mean = Average(values);
        if (values.Length == 1)
        {
            return new(mean, null, 1);
        }

        return new(mean, Math.Sqrt(SquaredDeviations(values, mean) / (values.Length - 1.0) / values.Length), values.Length);
    }

    /// <summary>Of values laid out [prompts, samplesPerPrompt]: samples of one prompt are not independent, so the error is that over
    /// prompts.</summary>
    public static MeanEstimate OverPrompts(ReadOnlySpan<double> values, int samplesPerPrompt) => Of(PromptMeans(values, samplesPerPrompt));

    /// <summary>The mean over each prompt's samples: values [prompts, samplesPerPrompt] to [prompts].</summary>
    public static double[] PromptMeans(ReadOnlySpan<double> values, int samplesPerPrompt)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samplesPerPrompt);
        if (values.Length % samplesPerPrompt != 0)
        {
            throw new ArgumentException($"{values.Length} values are not a whole number of prompts with {samplesPerPrompt} samples each.");
        }

        double[] means = new double[values.Length / samplesPerPrompt];
        for (int prompt = 0; prompt < means.Length; prompt++)
        {
            means[prompt] = Average(values.Slice(prompt * samplesPerPrompt, samplesPerPrompt));
        }

        return means;
    }

    internal static double Average(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    internal static double SquaredDeviations(ReadOnlySpan<double> values, double centre)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += (value - centre) * (value - centre);
        }

        return sum;
    }
}
