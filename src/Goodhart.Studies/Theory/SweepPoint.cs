using Goodhart.Evaluation.Theory.SoftQ;

namespace Goodhart.Studies.Theory;

/// <summary>A policy of a sweep over β, on the data's responses.</summary>
/// <param name="Policy">Its folder.</param>
/// <param name="Beta">The β that it was trained with; null for the reference.</param>
public sealed record SweepPoint(string Policy, double? Beta, BootstrappedShare Share)
{
    /// <summary>V − max Q, Eq. (12), in units of the reward; null for the reference, which has no β.</summary>
    public double? Gap => Beta * Share.GapNats.Mean;

    public double? GapSe => Beta * Share.GapNats.StandardError;
}
