namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>A response in the soft Q view.</summary>
/// <param name="Tree">Place of its prompt in the list of trees.</param>
/// <param name="Ended">Whether it ends for good.</param>
public sealed record ResponseValues(int Tree, bool Ended, IReadOnlyList<TokenValue> Tokens)
{
    /// <summary>β log π(y|x)/π_ref(y|x).</summary>
    public double ImplicitReward => Tokens.Sum(token => token.RewardZeroGauge);

    /// <summary>Σ r, in the model's own gauge.</summary>
    public double RewardSum => Tokens.Sum(token => token.Reward);

    /// <summary>V at the prompt; 0 for a response without tokens.</summary>
    public double PromptValue => Tokens.Count == 0 ? 0 : Tokens[0].Value;

    /// <summary>V after the last token: 0 unless the response was cut.</summary>
    public double EndValue => Tokens.Count == 0 ? 0 : Tokens[^1].NextValue;

    /// <summary>What is left of Σ r = implicit reward + V(prompt) − V(end), which telescopes to zero but for rounding.</summary>
    public double IdentityResidual => RewardSum - (ImplicitReward + PromptValue - EndValue);

    /// <param name="beta">The β that the policy was trained with, above zero.</param>
    /// <param name="seen">Null: no split of the bootstrapped sum.</param>
    /// <returns>The responses of all trees in order.</returns>
    /// <exception cref="ArgumentException">The vocabularies differ.</exception>
    public static IReadOnlyList<ResponseValues> Of(
        IPrefixLogits policy,
        IPrefixLogits reference,
        IReadOnlyList<ResponseTree> trees,
        double beta,
        ISeenTokens? seen,
        CancellationToken cancel = default)
    {
        if (policy.VocabularySize != reference.VocabularySize)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"soft Q: expected one vocabulary, found {policy.VocabularySize} tokens of the policy and ")
                    + FormattableString.Invariant($"{reference.VocabularySize} of the reference."));
        }

        PrefixReading[][][] own = PrefixReadings.Of(policy, trees, seen, cancel);
        PrefixReading[][][] other = PrefixReadings.Of(reference, trees, seen, cancel);
        return
        [
            .. trees.SelectMany((tree, t) => tree.Responses.Select((response, r) => new ResponseValues(
                t,
                response.Ended,
                [.. Enumerable.Range(0, response.Tokens.Length).Select(i => TokenValue.Of(response, i, own[t][r], other[t][r], beta))]))),
        ];
    }
}
