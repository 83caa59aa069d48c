using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Alarms;

/// <summary>A model's inputs under a name: the alarm, or one of the plain ones that it has to beat.</summary>
public sealed record AlarmPredictor(string Name, IReadOnlyList<AlarmFeature> Features)
{
    private static readonly AlarmFeature Fraction = new("fraction", row => row.Fraction);

    private static readonly AlarmFeature SqrtKl = new("sqrtKl", row => Math.Sqrt(Math.Max(0, row.Kl)));

    /// <summary>How far the run is, how far the policy is, and both.</summary>
    public static IReadOnlyList<AlarmPredictor> Plain { get; } =
        [new("fraction of the run", [Fraction]), new("KL", [SqrtKl]), new("fraction and KL", [Fraction, SqrtKl])];
}

/// <summary>What the rows of a table differ in, and an alarm may not have been taught.</summary>
public sealed record AlarmFactor(string Name, Func<AlarmRow, string> Of)
{
    public static IReadOnlyList<AlarmFactor> All { get; } =
    [
        new("loss", row => RemediedLosses.LossOf(row.Loss)),
        new("size", row => row.Model),
        new("labeller", row => row.Labeller),
        new("noise", row => FormattableString.Invariant($"{row.Noise}")),
        new("world", row => row.World),
    ];
}
