using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Small models peak lower and earlier: the smallest model of a study against the largest, per loss.</summary>
internal static class ModelSizeClaims
{
    private const string Paper =
        "Small models reach lower win rates and over-optimize almost at once; larger ones do better at the same constraints (section 3.1).";

    public static IEnumerable<Claim?> DecideAll(IReadOnlyList<CheckpointGroup> groups, PromptDraws draws, ClaimOptions options)
    {
        foreach (IGrouping<string, CheckpointGroup> loss in groups.GroupBy(group => group.Loss))
        {
            CheckpointGroup[] bySize = [.. loss.Where(group => Size(group) is not null).OrderBy(Size)];
            if (bySize.Length >= 2 && Size(bySize[0]) < Size(bySize[^1]))
            {
                yield return Lower(bySize[0], bySize[^1], options);
                yield return Earlier(bySize[0], bySize[^1], draws, options);
            }
        }
    }

    private static Claim Lower(CheckpointGroup small, CheckpointGroup large, ClaimOptions options)
    {
        EvaluatedCheckpoint bestSmall = small.Checkpoints.MaxBy(c => c.WinRate)!;
        EvaluatedCheckpoint bestLarge = large.Checkpoints.MaxBy(c => c.WinRate)!;
        PairedDifference test = PairedDifference.Between(bestLarge.Outcomes.Win, bestSmall.Outcomes.Win);
        Verdict verdict = test.P >= options.Alpha ? Verdict.Inconclusive : test.Mean > 0 ? Verdict.Supported : Verdict.Contradicted;
        return new(
            $"small-peaks-lower/{small.Loss}/{small.Model}-{large.Model}",
            Paper,
            Of($"win rate of {large.Model}'s best checkpoint minus that of {small.Model}'s best"),
            test.Mean,
            Interval(test.Interval(options.Level), "paired t over prompts"),
            verdict,
            Of($"supported: the large model's best checkpoint beats the small one's (paired t over prompts, p < {options.Alpha}; both ")
            + "are chosen as best, which favours neither); contradicted: the reverse; else inconclusive",
            Of($"{small.Model} {bestSmall.WinRate:0.000} at √KL {bestSmall.Point.SqrtKl:0.00}, {large.Model} ")
            + Of($"{bestLarge.WinRate:0.000} at √KL {bestLarge.Point.SqrtKl:0.00} ({P(test.P)})"));
    }

    private static Claim? Earlier(CheckpointGroup small, CheckpointGroup large, PromptDraws draws, ClaimOptions options)
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
            Paper,
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

    internal static long? Size(CheckpointGroup group) => group.Checkpoints[0].Point.NonEmbedding ?? group.Checkpoints[0].Point.Parameters;

    private sealed record GroupPeaks(double? Place, IReadOnlyList<(double SqrtKl, double WinRate)> Refits);
}
