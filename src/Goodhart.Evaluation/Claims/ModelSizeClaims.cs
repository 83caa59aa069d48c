using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Small models peak lower and earlier: the smallest model of a study against each larger one, per loss.</summary>
internal static class ModelSizeClaims
{
    public static IEnumerable<Claim?> DecideAll(IReadOnlyList<CheckpointGroup> groups, PromptDraws draws, TestOptions options)
    {
        foreach ((CheckpointGroup small, CheckpointGroup large) in SizePairs.Of(groups))
        {
            yield return Lower(small, large, options);
            yield return Earlier(small, large, draws, options);
        }
    }

    private static Claim Lower(CheckpointGroup small, CheckpointGroup large, TestOptions options)
    {
        double[] bestSmall = CrossFit.Best([.. small.Checkpoints.Select(c => c.Outcomes.Win)]);
        double[] bestLarge = CrossFit.Best([.. large.Checkpoints.Select(c => c.Outcomes.Win)]);
        return new PairedClaim(
            $"small-peaks-lower/{small.Loss}/{small.Model}-{large.Model}",
            "The smallest model performs worse; both larger ones do significantly better (section 3.1).",
            Of($"win rate of {large.Model}'s best checkpoint minus that of {small.Model}'s best"),
            "each best is chosen on half of the prompts and read on the rest, and the reverse; supported: "
                + Of($"the {100 * (1 - options.Alpha):0} % ")
            + "interval of the difference (paired t over prompts) lies above 0; contradicted: below 0; else inconclusive",
            interval => Above(0, interval))
            .Decide(
                PairedDifference.Differences(bestLarge, bestSmall),
                test => Of($"{small.Model} {bestSmall.Average():0.000}, {large.Model} {bestLarge.Average():0.000} ({P(test.P)})"),
                options with { Level = 1 - options.Alpha });
    }

    private static Claim? Earlier(CheckpointGroup small, CheckpointGroup large, PromptDraws draws, TestOptions options)
    {
        if (Peaks(small, draws) is not { } smallPeaks || Peaks(large, draws) is not { } largePeaks)
        {
            return null;
        }

        // Replicate r draws the same prompts for both models. Two laws without a maximum differ by nothing.
        ConfidenceInterval interval = Percentiles.Interval(
            largePeaks.Refits.Zip(smallPeaks.Refits, (l, s) => l.SqrtKl.Equals(s.SqrtKl) ? 0 : l.SqrtKl - s.SqrtKl), options.Level);
        return new(
            $"small-peaks-earlier/{small.Loss}/{small.Model}-{large.Model}",
            "The smallest model shows over-optimization almost at once, at a smaller KL than larger ones (section 3.1).",
            Of($"√KL at the peak of eq. 5, {large.Model} minus {small.Model}"),
            largePeaks.Place - smallPeaks.Place,
            FitInterval.From(interval, "bootstrap over prompts"),
            Above(0, interval),
            "eq. 5 from the SFT win rate; supported: the 95 % interval of the difference (bootstrap over prompts; a law without a "
            + "maximum peaks at infinity) lies above 0; contradicted: below 0; else inconclusive",
            Of($"peaks at √KL {Text(smallPeaks.Place)} ({small.Model}) and {Text(largePeaks.Place)} ({large.Model})"));
    }

    private static GroupPeaks? Peaks(CheckpointGroup group, PromptDraws draws)
    {
        if (group.Sft is not { } sft)
        {
            return null;
        }

        SftIntercept intercept = new(sft.WinRate);
        double[] sqrtKl = [.. group.Checkpoints.Select(c => c.Point.SqrtKl)];
        if (LawFit.Fit(new GaoLaw(), intercept, sqrtKl, [.. group.Checkpoints.Select(c => c.WinRate)]) is not { } fit)
        {
            return null;
        }

        return new(fit.Peak?.SqrtKl, new PromptBootstrap(group.Checkpoints, sft, draws).Refits(fit.Law, intercept).Peaks);
    }

    private static string Text(double? place) => place is { } value ? Of($"{value:0.00}") : "∞";

    private sealed record GroupPeaks(double? Place, IReadOnlyList<(double SqrtKl, double WinRate)> Refits);
}
