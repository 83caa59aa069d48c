namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>A response of the token-level decision process.</summary>
/// <param name="Tokens">EOS included where the response has it.</param>
/// <param name="Ended">Whether it ends for good: no value is left after its last token. Not so where a length limit cut it.</param>
public readonly record struct TokenResponse(int[] Tokens, bool Ended)
{
    /// <summary>Prefixes at which a value exists: before every token, and after the last one of a response that was cut.</summary>
    public int Prefixes => Tokens.Length + (Ended ? 0 : 1);
}

/// <summary>A prompt and the responses that share it.</summary>
public sealed record ResponseTree(int[] Prompt, IReadOnlyList<TokenResponse> Responses)
{
    /// <summary>Rows it takes in a forest.</summary>
    internal int Rows => Prompt.Length + Responses.Sum(response => Math.Max(0, response.Prefixes - 1));
}
