using Goodhart.Engine.Randomness;

namespace Goodhart.Evaluation.Fits;

/// <summary>
/// Intervals of a fit from its points alone: each replicate flips the sign of residuals by a fair coin (Rademacher's weights) and refits.
/// Points of one run share a coin, where runs are known, because they err together. Works for unequal error variances; residuals are
/// divided by √(1 − h) (HC2), because a fit pulls its points' residuals towards zero.
/// </summary>
/// <remarks>An SFT anchor stays as it is: the interval does not contain its error.</remarks>
public static class WildBootstrap
{
    public const string Method = "wild residual bootstrap";
    public const string MethodByRun = "wild residual bootstrap by run";

    /// <param name="runs">Each point's run, shape [n]; null gives every point its own coin.</param>
    public static LawRefits Refits(LawFit fit, double[] sqrtKl, ulong seed, int replicates, int[]? runs = null)
    {
        LawSolution solution = fit.Solution;
        double[] scaled =
            [.. solution.Residuals.Select((r, i) => r / Math.Sqrt(Math.Max(1e-10, 1 - solution.Leverages[i])))];
        int coins = runs is null ? scaled.Length : runs.Max() + 1;
        ulong key = Philox.Key(seed, "fits/wild-bootstrap");
        return LawRefits.Of(fit.Law, fit.Intercept, replicates, replicate =>
        {
            RandomStream random = new(key, (uint)replicate);
            double[] signs = [.. Enumerable.Range(0, coins).Select(_ => (random.NextBits() & 1) == 0 ? 1.0 : -1)];
            double[] winRates =
                [.. scaled.Select((r, i) => Possible(solution.Fitted[i] + (signs[runs is null ? i : runs[i]] * r)))];
            return new(sqrtKl, winRates, null);
        });

        // A flipped residual may lead out of the rates that a bounded law can take.
        double Possible(double rate) => fit.Law.Scale == RateScale.Logit ? Math.Clamp(rate, 0, 1) : rate;
    }
}
