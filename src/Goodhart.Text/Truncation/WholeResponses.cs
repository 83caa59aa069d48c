namespace Goodhart.Text.Truncation;

/// <summary>
/// The policies that keep EOS and cut each response for its own length only, never because of its partner. A response may have
/// MaxResponseTokens, or what a prompt of at most MaxPromptTokens (half of the budget if that is not given) leaves. The prompt then gets
/// what the longer response leaves, MaxPromptTokens at most.
/// </summary>
public abstract record WholeResponses : TruncationPolicy
{
    internal override FittedRow? Fit(EncodedRow row, LengthBudget budget, PromptEncoder encoder)
    {
        int reserved = Math.Min(row.Prompt.Length, budget.MaxPromptTokens ?? (budget.MaxTokens / 2));
        int most = Math.Min(budget.MaxResponseTokens ?? int.MaxValue, budget.MaxTokens - reserved);
        int[][] responses = [.. row.Responses.Select(response => CutKeepingEos(response, most))];
        int room = Math.Min(budget.MaxPromptTokens ?? int.MaxValue, budget.MaxTokens - responses.Max(response => response.Length));
        return new FittedRow(row.Prompt.Length <= room ? row.Prompt : CutPrompt(row, room, encoder), responses);
    }

    /// <param name="room">Tokens that the prompt may have, at least 1.</param>
    private protected abstract int[] CutPrompt(EncodedRow row, int room, PromptEncoder encoder);

    /// <summary>The first tokens of a prompt's text and the last ones, BOS in front.</summary>
    private protected static int[] Ends(EncodedRow row, int start, int end, PromptEncoder encoder)
    {
        int lead = Math.Min(encoder.Lead, start + end);
        return [.. row.Prompt[..lead], .. row.Prompt[lead..Math.Max(lead, start)], .. row.Prompt[^Math.Min(end, start + end - lead)..]];
    }

    private static int[] CutKeepingEos(int[] response, int most) =>
        response.Length <= most ? response : [.. response[..(most - 1)], response[^1]];
}
