namespace Goodhart.Text.Truncation;

/// <summary>
/// The DPO reference code's own behaviour. The prompt is cut to MaxPromptTokens only when prompt and longer response exceed MaxTokens; if
/// they still do, both responses keep their first MaxTokens − MaxPromptTokens tokens, which can take their EOS. The longer response
/// decides /// for both.
/// </summary>
public abstract record ReferencePipeline : TruncationPolicy
{
    /// <inheritdoc/>
    public override void Require(LengthBudget budget)
    {
        base.Require(budget);
        if (budget.MaxPromptTokens is null || budget.MaxResponseTokens is not null)
        {
            throw new ArgumentException(
                $"truncation {Name}: the reference code has a limit for the whole and one for the prompt (512 and 256), "
                + $"and none for the response; found {budget}.");
        }
    }

    internal override FittedRow? Fit(EncodedRow row, LengthBudget budget, PromptEncoder encoder)
    {
        int longest = row.Longest;
        int[] prompt = row.Prompt;
        int most = budget.MaxPromptTokens!.Value;
        if (prompt.Length + longest > budget.MaxTokens && prompt.Length > most)
        {
            prompt = CutPrompt(prompt, most);
        }

        return new FittedRow(
            prompt,
            prompt.Length + longest <= budget.MaxTokens
                ? row.Responses
                : [.. row.Responses.Select(response => response[..Math.Min(response.Length, budget.MaxTokens - most)])]);
    }

    private protected abstract int[] CutPrompt(int[] prompt, int most);
}

/// <summary>As the reference code does for every data set but HH: the prompt keeps its start.</summary>
public sealed record PaperKeepStart : ReferencePipeline
{
    public override string Name => "paper";

    private protected override int[] CutPrompt(int[] prompt, int most) => prompt[..most];
}

/// <summary>As the reference code does for HH: the prompt keeps its end.</summary>
public sealed record PaperKeepEnd : ReferencePipeline
{
    public override string Name => "paper-keepEnd";

    private protected override int[] CutPrompt(int[] prompt, int most) => prompt[^most..];
}
