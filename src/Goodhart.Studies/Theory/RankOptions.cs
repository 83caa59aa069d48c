using Goodhart.Text.Tokenizers;

namespace Goodhart.Studies.Theory;

/// <summary>What is asked of preference data beyond their graph.</summary>
public sealed record RankOptions
{
    /// <summary>Pythia's.</summary>
    public const int UsualVocabulary = 50_277;

    /// <summary>Counts the longest texts in tokens; null: in words.</summary>
    public ITokenizer? Tokenizer { get; init; }

    /// <summary>Ids of the tokenizer that the prompt-response space is counted with; null: of <see cref="Tokenizer"/>, or
    /// <see cref="UsualVocabulary"/>.</summary>
    public int? Vocabulary { get; init; }

    /// <summary>Longest response in tokens; null: as the longest of the data has, or, without a tokenizer, as many as it has words,
    /// which is a lower bound.</summary>
    public int? ResponseTokens { get; init; }

    /// <summary>Longest prompt in tokens; null: the same rule.</summary>
    public int? PromptTokens { get; init; }

    /// <exception cref="ArgumentException">A value out of range; the message names the option.</exception>
    public void Validate()
    {
        if (Vocabulary < 2 || ResponseTokens < 1 || PromptTokens < 1)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"expected --vocabulary >= 2 (EOS is an id) and --response-tokens and --prompt-tokens >= 1, found {Vocabulary}, ")
                + FormattableString.Invariant($"'{ResponseTokens}' and '{PromptTokens}'."));
        }
    }
}
