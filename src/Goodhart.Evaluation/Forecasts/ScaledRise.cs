namespace Goodhart.Evaluation.Forecasts;

/// <summary>Eq. (5) with its peak held at d*: R₀ + s·d (1 + ln d* − ln d), one coefficient, which is the law's β; the peak is s·d*
/// high.</summary>
/// <param name="Scale">s.</param>
/// <param name="StandardError">Robust, over runs; null for a single run.</param>
/// <param name="DegreesOfFreedom">Runs − 1.</param>
internal readonly record struct ScaledRise(double Scale, double? StandardError, int DegreesOfFreedom)
{
    public static ScaledRise Fit(SeenPoints seen, double peak)
    {
        double[] shape = [.. seen.SqrtKl.Select(d => d > 0 ? d * (1 + Math.Log(peak / d)) : 0)];
        double square = shape.Sum(f => f * f);
        double scale = square > 0 ? shape.Select((f, i) => f * (seen.WinRates[i] - seen.SftWinRate)).Sum() / square : 0;
        int runs = seen.Runs.Max() + 1;
        double[] scores = new double[runs];
        for (int i = 0; i < shape.Length; i++)
        {
            scores[seen.Runs[i]] += shape[i] * (seen.WinRates[i] - seen.SftWinRate - (scale * shape[i]));
        }

        double? error = runs < 2 || square == 0 ? null : Math.Sqrt(scores.Sum(s => s * s) * runs / (runs - 1)) / square;
        return new(scale, error, runs - 1);
    }
}
