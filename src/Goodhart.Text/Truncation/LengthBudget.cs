namespace Goodhart.Text.Truncation;

/// <summary>How many tokens a row may have. EOS and BOS count.</summary>
/// <param name="MaxTokens">Prompt and the longer response together.</param>
/// <param name="MaxPromptTokens">Of the prompt alone; null: what the response leaves.</param>
/// <param name="MaxResponseTokens">Of each response alone, EOS included; null: what the prompt leaves.</param>
public sealed record LengthBudget(int MaxTokens, int? MaxPromptTokens = null, int? MaxResponseTokens = null)
{
    /// <summary>What the DPO reference code has by default: 512 and 256.</summary>
    public static readonly LengthBudget Paper = new(512, 256);

    /// <exception cref="ArgumentException">Not positive, or parts that do not fit.</exception>
    public void Validate()
    {
        if (MaxTokens < 2 || !Fits(MaxPromptTokens) || !Fits(MaxResponseTokens))
        {
            throw new ArgumentException(
                $"length budget: expected at least 2 tokens, and each part from 1 to one below the whole, found {this}.");
        }
    }

    private bool Fits(int? part) => part is null || (part >= 1 && part < MaxTokens);

    public override string ToString() => FormattableString.Invariant($"{MaxTokens} tokens")
        + (MaxPromptTokens is { } prompt ? FormattableString.Invariant($", prompt {prompt}") : "")
        + (MaxResponseTokens is { } response ? FormattableString.Invariant($", response {response}") : "");
}
