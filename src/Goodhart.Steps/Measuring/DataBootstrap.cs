using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Models;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Measuring;

/// <summary>
/// The bootstrapped share of Eq. (11) for the checkpoints of a study, whose prompts have one pair as a rule, and a prefix after the first
/// tokens one continuation. Two senses of "seen" are measured, because each alone misleads.
/// </summary>
/// <remarks>
/// Made once per set of training pairs. A measurement costs a forward pass over the pairs measured and a row of logits for each of their
/// tokens: about what scoring as many held-out pairs costs, and nothing is sampled.
/// </remarks>
public sealed class DataBootstrap
{
    /// <summary>Response tokens that the second sense looks back at.</summary>
    public const int Recent = 2;

    private readonly SeenAtPrefix atPrefix;
    private readonly SeenAfterRecent afterRecent;
    private readonly TokenizedPair[] trained;
    private readonly int measured;

    /// <param name="training">All pairs that the policy is trained on: they say what was seen.</param>
    /// <param name="measured">So many of them, from the first on, and as many held-out pairs are measured.</param>
    public DataBootstrap(TokenizedPair[] training, int measured = 128)
    {
        atPrefix = SeenAtPrefix.Of(training);
        afterRecent = SeenAfterRecent.Of(Recent, training);
        trained = training;
        this.measured = measured;
    }

    /// <summary>
    /// In the first sense Eq. (11) to the letter, on training pairs (at held-out prompts nothing is seen). The unseen tokens are all but
    /// the one or two that the pair has, so the share holds the language's own entropy too: compare it with the reference's. In the second
    /// sense, on held-out pairs, tokens are seen that follow the same last <see cref="Recent"/> response tokens somewhere in the training
    /// pairs: what is left is the mass on continuations that the data never show at all.
    /// </summary>
    /// <returns>Null where no response is long enough to bootstrap on a value.</returns>
    public BootstrappedShares? Measure(LanguageModel policy, TokenizedPair[] heldOut, CancellationToken cancel = default) =>
        Measure(policy, trained, atPrefix, cancel) is { } literal && Measure(policy, heldOut, afterRecent, cancel) is { } recent
            ? new BootstrappedShares(literal, recent)
            : null;

    private BootstrappedShare? Measure(LanguageModel policy, TokenizedPair[] pairs, ISeenTokens seen, CancellationToken cancel)
    {
        TokenizedPair[] first = pairs[..Math.Min(measured, pairs.Length)];
        if (first.All(pair => pair.Chosen.Length < 2 && pair.Rejected.Length < 2))
        {
            return null;
        }

        using ModelLogits logits = new(policy);
        return BootstrappedShare.Measure(logits, first, seen, cancel);
    }
}
