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
        IReadOnlyList<EvaluatedCheckpoint> overSeeds = SeedAverage.Of(checkpoints);
        IReadOnlyList<CheckpointGroup> groups = CheckpointGroup.Split(overSeeds);
        IReadOnlyList<CheckpointGroup> bySeed = CheckpointGroup.Split(checkpoints);
        IEnumerable<Claim?> claims =
        [
            .. groups.Select(group => HumpClaim.Decide(group, DistanceAxis.Kl, options)),
            .. groups.Select(group => EarlyPeakClaim.Decide(group, options)),
            .. groups.Select(group => KlOrderClaims.RisesAsBetaFalls(group, options)),
            .. groups.Select(group => KlOrderClaims.RisesInTheEpoch(group, options)),
            .. IpoKlClaim.DecideAll(groups, options),
            .. ModelSizeClaims.DecideAll(groups, options),
            .. Enum.GetValues<InterceptKind>().SelectMany(kind => LawComparisonClaims.DecideAll(bySeed, kind, options)),
            .. bySeed.SelectMany(group => MetricCorrelationClaims.DecideAll(group, options)),
            .. groups.Select(group => ForwardKlClaim.Decide(group, options)),
            .. groups.Select(group => HumpClaim.Decide(group, DistanceAxis.ForwardKl, options)),
            .. LengthRSquaredClaims.DecideAll(bySeed, options),
            .. LengthRegularisationClaims.DecideAll(groups, bySeed, checkpoints, options),
        ];
        return [.. claims.OfType<Claim>()];
    }
}
