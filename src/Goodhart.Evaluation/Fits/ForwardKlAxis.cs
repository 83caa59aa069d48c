using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Fits;

/// <summary>A forward KL that laws are fitted against in place of the reverse one (section 3.5, figure 5).</summary>
/// <param name="Name">Part of the fits' group, for example "dpo/M/forward-kl".</param>
public sealed record ForwardKlAxis(string Name, Func<CheckpointPoint, double?> Kl)
{
    /// <summary>Eq. (7), on the data's chosen responses.</summary>
    public static ForwardKlAxis Eq7 { get; } = new("forward-kl", point => point.ForwardKl);

    /// <summary>On the reference's own samples.</summary>
    public static ForwardKlAxis Sampled { get; } = new("forward-kl-sampled", point => point.ForwardKlSampled);

    /// <summary>d; an estimate below zero counts as zero.</summary>
    public double? Root(CheckpointPoint point) => Kl(point) is { } kl ? Math.Sqrt(Math.Max(0, kl)) : null;
}
