namespace Goodhart.Alignment.PolicyGradient;

/// <summary>Mean 0 and variance 1 over all tokens of a batch.</summary>
public static class Whitening
{
    private const double Epsilon = 1e-8;

    /// <param name="shift">False keeps the mean: for rewards, whose level carries meaning.</param>
    public static double[][] Apply(double[][] values, bool shift)
    {
        double[] all = [.. values.SelectMany(episode => episode)];
        double mean = all.Average();
        double variance = all.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, all.Length - 1);
        double scale = 1 / Math.Sqrt(variance + Epsilon);
        double level = shift ? 0 : mean;
        return [.. values.Select(episode => Array.ConvertAll(episode, value => ((value - mean) * scale) + level))];
    }
}
