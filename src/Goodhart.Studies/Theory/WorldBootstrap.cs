using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Models;
using Goodhart.Studies.Worlds;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Theory;

/// <summary>
/// The bootstrapped share of Eq. (11) for the checkpoints of a study on the synthetic world, where a prompt has one pair and a prefix after the
/// first tokens one continuation. Two senses of "seen" are measured, because each alone misleads.
/// </summary>
/// <remarks>
/// Made once per set of training pairs. A measurement costs a forward pass over the pairs measured and a row of logits for each of their tokens:
/// about what scoring as many held-out pairs costs, and nothing is sampled.
/// </remarks>
public sealed class WorldBootstrap
{
    /// <summary>Response tokens that <see cref="AfterRecent"/> looks back at.</summary>
    public const int Recent = 2;

    private readonly SeenAtPrefix atPrefix;
    private readonly SeenAfterRecent afterRecent;
    private readonly TokenizedPair[] trained;

    /// <param name="training">All pairs that the policy is trained on: they say what was seen.</param>
    /// <param name="measured">So many of them, from the first on, are measured.</param>
    public WorldBootstrap(IReadOnlyList<WorldPair> training, int measured = 128)
    {
        TokenizedPair[] pairs = [.. training.Select(pair => pair.Tokens)];
        atPrefix = SeenAtPrefix.Of(pairs);
        afterRecent = SeenAfterRecent.Of(Recent, pairs);
        trained = pairs[..Math.Min(measured, pairs.Length)];
    }

    /// <summary>After what a token counts as seen, in <see cref="AtPrefix"/>.</summary>
    public string AtPrefixDescription => atPrefix.Description;

    /// <summary>After what a token counts as seen, in <see cref="AfterRecent"/>.</summary>
    public string AfterRecentDescription => afterRecent.Description;

    /// <summary>
    /// Eq. (11) to the letter, on training pairs (at held-out prompts nothing is seen). The unseen tokens are all but the one or two that the pair
    /// has, so the share holds the language's own entropy too: compare it with the reference's.
    /// </summary>
    public BootstrappedShare AtPrefix(LanguageModel policy, CancellationToken cancel = default) => Measure(policy, trained, atPrefix, cancel);

    /// <summary>
    /// On held-out pairs, with the tokens seen that follow the same last <see cref="Recent"/> response tokens somewhere in the training pairs:
    /// the mass on continuations that the data never show at all.
    /// </summary>
    public BootstrappedShare AfterRecent(LanguageModel policy, IReadOnlyList<WorldPair> heldOut, CancellationToken cancel = default) =>
        Measure(policy, [.. heldOut.Select(pair => pair.Tokens)], afterRecent, cancel);

    private static BootstrappedShare Measure(LanguageModel policy, TokenizedPair[] pairs, ISeenTokens seen, CancellationToken cancel)
    {
        using ModelLogits logits = new(policy);
        return BootstrappedShare.Measure(logits, pairs, seen, cancel);
    }
}
