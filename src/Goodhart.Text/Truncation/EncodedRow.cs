namespace Goodhart.Text.Truncation;

/// <summary>A prompt and its responses, tokenised apart; nothing is cut yet.</summary>
/// <param name="PromptText">What <paramref name="Prompt"/> encodes.</param>
/// <param name="Prompt">BOS first where there is one, then the text's ids; not empty.</param>
/// <param name="Responses">One or two; each ends with one EOS.</param>
public sealed record EncodedRow(int Id, string PromptText, int[] Prompt, int[][] Responses)
{
    /// <summary>Tokens of the longer response.</summary>
    internal int Longest => Responses.Max(response => response.Length);
}

/// <summary>What a policy leaves of a row.</summary>
public sealed record FittedRow(int[] Prompt, int[][] Responses);
