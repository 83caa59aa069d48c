namespace Goodhart.Evaluation.Comparisons;

/// <summary>One loss within one bin of √KL: its mean win rate there, and how that differs from the other losses'.</summary>
/// <param name="Low">Of the bin in √nats, inclusive.</param>
/// <param name="High">Exclusive; null for the last bin, which is open.</param>
/// <param name="Checkpoints">How many of the loss's checkpoints lie in the bin.</param>
/// <param name="MeanSqrtKl">Of them.</param>
/// <param name="WinRateSe">Standard error over prompts, of each prompt's mean over the checkpoints.</param>
/// <param name="Difference">Win rate minus the mean of the other losses' in the bin; null where there is no other.</param>
/// <param name="DifferenceSe">Paired over prompts.</param>
/// <param name="P">Two-sided paired t, Bonferroni over the model's comparisons.</param>
public sealed record EqualKlCell(
    string Model,
    double Low,
    double? High,
    string Loss,
    int Checkpoints,
    double MeanSqrtKl,
    double WinRate,
    double? WinRateSe,
    double? Difference,
    double? DifferenceSe,
    double? P);
