using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Claims;

/// <summary>The smallest model of each loss against every larger one.</summary>
internal static class SizePairs
{
    /// <returns>By loss in order of first appearance, then from the second smallest up; groups without a known size are left out.</returns>
    public static IEnumerable<(CheckpointGroup Small, CheckpointGroup Large)> Of(IReadOnlyList<CheckpointGroup> groups) =>
        from loss in groups.Where(g => Size(g) is not null).GroupBy(g => g.Loss)
        let bySize = loss.OrderBy(Size).ToArray()
        from large in bySize
        where Size(large) > Size(bySize[0])
        select (bySize[0], large);

    /// <summary>Mean of small minus large over checkpoints at equal β, fraction and seed: one number for each β, because checkpoints of a
    /// run
    /// are alike, so that β is what counts as independent.</summary>
    /// <param name="small">Seeds apart.</param>
    /// <param name="value">Null where not measured.</param>
    public static double[] DifferencesByBeta(CheckpointGroup small, CheckpointGroup large, Func<CheckpointPoint, double?> value) =>
    [
        .. from s in small.Checkpoints
           join l in large.Checkpoints on (
               s.Point.Beta, s.Point.Fraction, s.Point.Seed) equals (l.Point.Beta, l.Point.Fraction, l.Point.Seed)
           let difference = value(s.Point) - value(l.Point)
           where difference is not null
           group difference.Value by s.Point.Beta into byBeta
           select byBeta.Average(),
    ];

    private static long? Size(CheckpointGroup group) => group.Checkpoints[0].Point.NonEmbedding ?? group.Checkpoints[0].Point.Parameters;
}
