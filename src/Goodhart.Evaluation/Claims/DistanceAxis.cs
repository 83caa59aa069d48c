using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Claims;

/// <summary>What a hump is seen against.</summary>
/// <param name="ClaimName">First part of the claim's id.</param>
/// <param name="Root">The distance as the figures show it: √KL or √forward KL; null where a point has none.</param>
internal sealed record DistanceAxis(string ClaimName, string Symbol, string Paper, Func<CheckpointPoint, double?> Root)
{
    public static DistanceAxis Kl { get; } = new(
        "hump",
        "√KL",
        "Win rate against √KL is a hump: beyond some KL budget more of it lowers performance (section 3.1, figure 1).",
        point => point.SqrtKl);

    /// <summary>The root of a negative estimate counts as zero.</summary>
    public static DistanceAxis ForwardKl { get; } = new(
        "forward-hump",
        "√forward KL",
        "Win rate against √forward KL shows the same hump (section 3.5, figure 5).",
        point => point.ForwardKl is { } kl ? Math.Sqrt(Math.Max(0, kl)) : null);

    public static DistanceAxis SampledForwardKl { get; } = new(
        "sampled-forward-hump",
        "√sampled forward KL",
        "Win rate against √forward KL shows the same hump (section 3.5, figure 5), the KL here from the reference's own samples.",
        point => point.ForwardKlSampled is { } kl ? Math.Sqrt(Math.Max(0, kl)) : null);
}
