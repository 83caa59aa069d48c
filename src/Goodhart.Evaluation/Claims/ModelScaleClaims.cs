using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>What else model size does: small models go farther under the same constraint and over-optimize more (section 3.1), large ones
/// fit the preferences better (section 3.4).</summary>
internal static class ModelScaleClaims
{
    private const int FewestBetas = 3;

    private const string LessProne = "Larger models are less prone to over-optimization (section 3.1).";

    /// <param name="groups">Seeds averaged.</param>
    public static IEnumerable<Claim?> ReachedKl(IReadOnlyList<CheckpointGroup> groups, TestOptions options) =>
        SizePairs.Of(groups).Select(pair => Farther(pair.Small, pair.Large, options));

    /// <param name="groups">Seeds apart, because seeds of one β may end at different KLs; each with a win rate.</param>
    public static IEnumerable<Claim?> AtEqualKl(IReadOnlyList<CheckpointGroup> groups, TestOptions options) =>
        SizePairs.Of(groups).Select(pair => Falls.AtEqualKl(More, pair.Small, pair.Large, pair.Large.Model, options));

    /// <param name="groups">Seeds averaged; each with a win rate.</param>
    public static IEnumerable<Claim?> AtEqualBeta(IReadOnlyList<CheckpointGroup> groups, TestOptions options) =>
        SizePairs.Of(groups).Select(pair => Falls.AtEqualBeta(More, pair.Small, pair.Large, pair.Large.Model, options));

    /// <param name="groups">Seeds apart.</param>
    public static IEnumerable<Claim?> Accuracy(IReadOnlyList<CheckpointGroup> groups, TestOptions options) =>
        SizePairs.Of(groups).Select(pair => FitsWorse(pair.Small, pair.Large, options));

    private static Claim? Farther(CheckpointGroup small, CheckpointGroup large, TestOptions options) =>
        KlRatio.Between(small, large, options) is not { } ratio ? null : new(
            $"small-reaches-higher-kl/{small.Loss}/{small.Model}-{large.Model}",
            "Under the same constraint the smallest model reaches much higher KLs; the largest controls its KL better (section 3.1).",
            Of($"KL of {small.Model} over KL of {large.Model} at the end of the epoch, geometric mean over the βs both have"),
            ratio.Mean,
            Interval(ratio.Interval, KlRatio.Method),
            Above(1, ratio.Interval),
            "supported: the 95 % interval of the ratio (t of its logarithm, βs as units) lies above 1; contradicted: below 1; else "
            + "inconclusive; the paper does not say how much is much",
            ratio.Reading);

    private static Falls More(string at, string fall, string rule, CheckpointGroup small, CheckpointGroup large) => new(
        $"small-over-optimizes-more/{at}/{small.Loss}/{small.Model}-{large.Model}",
        LessProne,
        small.Model,
        Of($"{fall}: that of {small.Model} minus that of {large.Model}"),
        $"{rule}; supported: the 95 % interval of the difference (paired t over prompts) lies above 0; contradicted: below 0; "
            + $"else inconclusive",
        interval => Above(0, interval));

    private static Claim? FitsWorse(CheckpointGroup small, CheckpointGroup large, TestOptions options)
    {
        double[] differences = SizePairs.DifferencesByBeta(small, large, point => point.Accuracy);
        if (differences.Length < FewestBetas)
        {
            return null;
        }

        PairedDifference test = PairedDifference.Of(differences);
        ConfidenceInterval interval = test.Interval(options.Level);
        return new(
            $"small-fits-worse/{small.Loss}/{small.Model}-{large.Model}",
            "Stronger models fit the preferences better (section 3.4).",
            Of($"implicit-reward accuracy on held-out pairs, {small.Model} minus {large.Model}, ")
                + "mean over checkpoints at equal β and fraction",
            test.Mean,
            Interval(interval, "paired t over β"),
            Below(0, interval),
            "supported: the 95 % interval of the difference (paired t over the βs) lies below 0; contradicted: above 0; else inconclusive",
            Of($"difference {test.Mean:0.000} over {differences.Length} βs ({P(test.P)})"));
    }
}
