using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Claims;

/// <summary>Every claim of sections 3.1 to 3.5 that a study's checkpoints can decide. A claim without the data for it is left
/// out.</summary>
public static class StudyClaims
{
    /// <param name="checkpoints">All checkpoints, the SFT models among them, on the same prompts in the same order.</param>
    public static IReadOnlyList<Claim> Decide(IReadOnlyList<EvaluatedCheckpoint> checkpoints, ClaimOptions options)
    {
        EvaluatedCheckpoint.RequireCommonPrompts(checkpoints);
        IReadOnlyList<CheckpointGroup> groups = Direct(CheckpointGroup.Split(SeedAverage.Of(checkpoints)));

        // Without a win rate a checkpoint still has its divergences.
        IReadOnlyList<EvaluatedCheckpoint> won = EvaluatedCheckpoint.Judged(checkpoints);
        IReadOnlyList<CheckpointGroup> all = CheckpointGroup.Split(SeedAverage.Of(won));
        IReadOnlyList<CheckpointGroup> judged = Direct(all);
        IReadOnlyList<CheckpointGroup> bySeed = Direct(CheckpointGroup.Split(won));
        IEnumerable<Claim?> claims =
        [
            .. all.Select(group => HumpClaim.Decide(group, DistanceAxis.Kl, options)),
            .. judged.Select(group => EarlyPeakClaim.Decide(group, options)),
            .. groups.Select(group => KlOrderClaims.RisesAsBetaFalls(group, options)),
            .. groups.Select(group => KlOrderClaims.RisesInTheEpoch(group, options)),
            .. IpoKlClaim.DecideAll(groups, options),
            .. ModelSizeClaims.DecideAll(judged, options),
            .. Enum.GetValues<InterceptKind>().SelectMany(kind => LawComparisonClaims.DecideAll(bySeed, kind, options)),
            .. bySeed.SelectMany(group => MetricCorrelationClaims.DecideAll(group, options)),
            .. groups.Select(group => ForwardKlClaim.Decide(group, options)),
            .. judged.Select(group => HumpClaim.Decide(group, DistanceAxis.ForwardKl, options)),
            .. LengthRSquaredClaims.DecideAll(Direct(CheckpointGroup.Split(checkpoints)), options),
            .. LengthRegularisationClaims.DecideAll(judged, bySeed, won, options),
            .. RlhfClaims.DecideAll(all, options),
        ];
        return [.. claims.OfType<Claim>()];
    }

    /// <summary>The paper's claims are about direct alignment; classical RLHF is what they are compared with.</summary>
    private static IReadOnlyList<CheckpointGroup> Direct(IReadOnlyList<CheckpointGroup> groups) =>
        [.. groups.Where(group => !RlhfMethods.Contains(group.Loss))];
}
