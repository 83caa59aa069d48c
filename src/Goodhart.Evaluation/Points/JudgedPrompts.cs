namespace Goodhart.Evaluation.Points;

/// <summary>
/// Keeps comparisons paired where a judge has left gaps: a prompt without a verdict at some judged checkpoint (its win is NaN) is left out
/// at all of
/// them. A win is never made up; each point's own win rate still counts every verdict that it has.
/// </summary>
/// <param name="Checkpoints">With the outcomes of the kept prompts.</param>
/// <param name="Prompts">Before.</param>
/// <param name="LeftOut">Prompts that were left out.</param>
public sealed record JudgedPrompts(IReadOnlyList<EvaluatedCheckpoint> Checkpoints, int Prompts, int LeftOut)
{
    /// <param name="checkpoints">On the same prompts in the same order.</param>
    /// <exception cref="InvalidDataException">Fewer than two prompts are left.</exception>
    public static JudgedPrompts Of(IReadOnlyList<EvaluatedCheckpoint> checkpoints)
    {
        int prompts = checkpoints.Count == 0 ? 0 : checkpoints[0].Outcomes.Kl.Length;
        int[] kept =
        [
            .. Enumerable.Range(0, prompts).Where(prompt => !checkpoints.Any(
                checkpoint => prompt < checkpoint.Outcomes.Win.Length && double.IsNaN(checkpoint.Outcomes.Win[prompt]))),
        ];
        if (kept.Length == prompts)
        {
            return new JudgedPrompts(checkpoints, prompts, 0);
        }

        return kept.Length >= 2
            ? new JudgedPrompts(
                [.. checkpoints.Select(checkpoint => checkpoint with { Outcomes = Of(checkpoint.Outcomes, kept) })],
                prompts,
                prompts - kept.Length)
            : throw new InvalidDataException(FormattableString.Invariant(
                $"{kept.Length} of {prompts} prompts have a verdict at every checkpoint; paired comparisons need two. ")
                    + "Look at the judge's replies; another template, or longer replies, may help.");
    }

    private static PerPromptOutcomes Of(PerPromptOutcomes outcomes, int[] kept) => new(Of(outcomes.Win, kept), Of(outcomes.Kl, kept))
    {
        Length = outcomes.Length is { } length ? Of(length, kept) : null,
        ProxyWin = outcomes.ProxyWin is { } proxy ? Of(proxy, kept) : null,
        DataLength = outcomes.DataLength is { } data ? Of(data, kept) : null,
    };

    private static double[] Of(double[] values, int[] kept) => values.Length == 0 ? values : [.. kept.Select(prompt => values[prompt])];
}
