using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>Is a later checkpoint worse than an earlier one?</summary>
/// <param name="Fall">Earlier minus later.</param>
/// <param name="P">One-sided p value of no fall: paired t over prompts, or normal from the two standard errors; null where neither is
/// known.</param>
internal readonly record struct Decline(double Fall, double? StandardError, double? P)
{
    public static Decline Between(RunMeasurement earlier, RunMeasurement later)
    {
        if (earlier.ByPrompt is { } x && later.ByPrompt is { } y)
        {
            PairedDifference paired = PairedDifference.Between([.. x], [.. y]);
            return new(paired.Mean, paired.StandardError, paired.Mean > 0 ? paired.P / 2 : 1 - (paired.P / 2));
        }

        double fall = earlier.Score - later.Score;
        double? error = earlier.StandardError is { } a && later.StandardError is { } b ? Math.Sqrt((a * a) + (b * b)) : null;
        return new(fall, error, error > 0 ? StandardNormal.Cdf(-fall / error.Value) : null);
    }
}
