using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Claims;

/// <summary>Every claim of sections 3.1 to 3.5 that a study's checkpoints can decide. A claim without the data for it is left
/// out.</summary>
public static class StudyClaims
{
    /// <param name="checkpoints">All checkpoints, the SFT models among them, on the same prompts in the same order.</param>
    public static IReadOnlyList<Claim> Decide(IReadOnlyList<EvaluatedCheckpoint> checkpoints, TestOptions options)
    {
        EvaluatedCheckpoint.RequireCommonPrompts(checkpoints);
        IReadOnlyList<CheckpointGroup> groups = Direct(CheckpointGroup.Split(SeedAverage.Of(checkpoints)));
        IReadOnlyList<CheckpointGroup> bySeed = Direct(CheckpointGroup.Split(checkpoints));

        // Without a win rate a checkpoint still has its divergences.
        IReadOnlyList<EvaluatedCheckpoint> won = EvaluatedCheckpoint.Judged(checkpoints);
        IReadOnlyList<CheckpointGroup> all = CheckpointGroup.Split(SeedAverage.Of(won));
        IReadOnlyList<CheckpointGroup> judged = Direct(all);
        IReadOnlyList<CheckpointGroup> judgedBySeed = Direct(CheckpointGroup.Split(won));
        EvaluatedCheckpoint[] direct = [.. won.Where(c => !RlhfMethods.Contains(c.Point.Loss))];
        if (checkpoints.Count == 0)
        {
            return [];
        }

        PromptDraws draws = new(checkpoints[0].Outcomes.Kl.Length, options.Replicates, options.Seed);
        IEnumerable<Claim?> claims =
        [
            .. all.Select(group => HumpClaim.Decide(group, DistanceAxis.Kl, options)),
            .. judged.Select(group => EarlyPeakClaim.Decide(group, options)),
            .. EpochClaims.MostPeakEarly(judgedBySeed, options),
            .. judged.Select(group => EpochClaims.WideBudgetsDeclineMore(group, options)),
            .. groups.Select(group => KlOrderClaims.RisesAsBetaFalls(group, draws, options)),
            .. groups.SelectMany(group => KlOrderClaims.RisesInTheEpoch(group, draws, options)),
            .. IpoKlClaim.DecideAll(groups, options),
            .. ObjectiveClaims.AtEqualKl(judgedBySeed, options),
            .. ObjectiveClaims.AtEqualBeta(judged, options),
            .. ModelSizeClaims.DecideAll(judged, draws, options),
            .. ModelScaleClaims.ReachedKl(groups, options),
            .. ModelScaleClaims.AtEqualKl(judgedBySeed, options),
            .. ModelScaleClaims.AtEqualBeta(judged, options),
            .. Enum.GetValues<InterceptKind>().SelectMany(kind => LawComparisonClaims.DecideAll(judgedBySeed, kind, options)),
            .. LawSizeClaims.DecideAll(judgedBySeed, draws, options),
            .. judgedBySeed.SelectMany(group => MetricCorrelationClaims.DecideAll(group, options)),
            .. ModelScaleClaims.Accuracy(bySeed, options),
            .. groups.Select(group => ForwardKlClaim.Decide(group, options)),
            .. judged.Select(group => HumpClaim.Decide(group, DistanceAxis.ForwardKl, options)),
            .. judged.Select(group => HumpClaim.Decide(group, DistanceAxis.SampledForwardKl, options)),
            .. bySeed.Select(group => ForwardKlEstimateClaim.Decide(group, options)),
            .. bySeed.SelectMany(group => LogProbFallClaims.DecideAll(group, options)),
            .. judged.SelectMany(group => LikelihoodNeedClaims.DecideAll(group, options)),
            .. SizeCorrelationClaims.DecideAll(direct, options),
            .. bySeed.Select(group => LengthGrowthClaim.Decide(group, options)),
            .. LengthRSquaredClaims.DecideAll(bySeed, options),
            .. LengthRegularisationClaims.DecideAll(judged, judgedBySeed, direct, options),
            .. RlhfClaims.DecideAll(CheckpointGroup.Split(won), options),
        ];
        return [.. claims.OfType<Claim>()];
    }

    /// <summary>The paper's claims are about direct alignment; classical RLHF is what they are compared with.</summary>
    private static IReadOnlyList<CheckpointGroup> Direct(IReadOnlyList<CheckpointGroup> groups) =>
        [.. groups.Where(group => !RlhfMethods.Contains(group.Loss))];
}
