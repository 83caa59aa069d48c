using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Text;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Which log-probs fall in training besides the chosen ones: rejected responses, and responses that are in no pair.</summary>
internal static class LogProbFallClaims
{
    private const int FewestRuns = 3;

    private static readonly Kind[] Kinds =
    [
        new(
            "rejected-log-probs-fall",
            "The log-probs of dispreferred responses fall during training (section 3.5).",
            "of rejected responses",
            (point, _) => RewardIsLogRatio(point) ? -point.RewardRejected / point.Beta : null),
        new(
            "unseen-log-probs-fall/samples",
            "Probability leaves the reference's own responses, which are in no pair: the forward KL grows (section 3.5).",
            "of the SFT model's samples",
            (point, _) => point.ForwardKlSampled),
        new(
            "unseen-log-probs-fall/data",
            "Probability leaves in-distribution responses that are in no pair for ones out of distribution (sections 3.5 and 4).",
            "of the data set's responses to the evaluation prompts",
            (point, sft) => sft?.LogProbData - point.LogProbData),
    ];

    public static IEnumerable<Claim?> DecideAll(CheckpointGroup group, TestOptions options) =>
        Kinds.Select(kind => Decide(group, kind, options));

    private static Claim? Decide(CheckpointGroup group, Kind kind, TestOptions options)
    {
        double? Fall(EvaluatedCheckpoint c) => kind.Fall(c.Point, group.Sft?.Point);
        EvaluatedCheckpoint[][] runs = [.. Runs.Of(group.Checkpoints.Where(c => Fall(c) is not null)).Where(run => run.Length >= 2)];
        if (runs.Length < FewestRuns)
        {
            return null;
        }

        double Growth(EvaluatedCheckpoint[] run) => Correlation.Kendall(
            [.. run.Select(c => c.Point.Fraction)], [.. run.Select(c => Fall(c)!.Value)])?.Value ?? 0;
        double end = runs.Average(run => Fall(run[^1])!.Value);
        string purpose = $"claims/{kind.Id}";
        ConfidenceInterval interval = RunBootstrap.Interval(runs, drawn => drawn.Average(run => Fall(run[^1])!.Value), options, purpose);
        ConfidenceInterval growth = RunBootstrap.Interval(runs, drawn => drawn.Average(Growth), options, purpose);
        bool falls = interval.Low > 0 && growth.Low > 0;
        bool rises = interval.High < 0 || growth.High < 0;
        return new(
            $"{kind.Id}/{group.Name}",
            kind.Paper,
            $"fall of the mean log-prob {kind.Responses} from the SFT model to the end of the epoch, mean over runs, in nats",
            end,
            Interval(interval, "bootstrap over runs"),
            falls ? Verdict.Supported : rises ? Verdict.Contradicted : Verdict.Inconclusive,
            "supported: the 95 % interval of the fall at the end lies above 0, and so does that of its growth, the mean over runs of "
            + "Kendall's τ with the fraction of the epoch (bootstrap over runs); contradicted: either lies below 0; else inconclusive",
            Of($"fall {end:0.00} nats at the end; growth τ = {runs.Average(Growth):0.00}, 95 % [{growth.Low:0.00}, ")
                + Of($"{growth.High:0.00}] over ")
            + Of($"{Quantity.Of(runs.Length, "run")}"));
    }

    // A loss without a reference ranks by other rewards than β times the log-ratio; then the chosen one's is not −β times Eq. (7) either.
    private static bool RewardIsLogRatio(CheckpointPoint point) =>
        point is not { RewardChosen: { } reward, ForwardKl: { } kl, Beta: { } beta }
        || Math.Abs(reward + (beta * kl)) <= 1e-6 * (1 + Math.Abs(reward));

    /// <param name="Fall">Nats below the SFT model; null where not measured.</param>
    private sealed record Kind(string Id, string Paper, string Responses, Func<CheckpointPoint, CheckpointPoint?, double?> Fall);
}
