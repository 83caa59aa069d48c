using System.Text.Json;

namespace Goodhart.Text.Chat;

/// <summary>A conversation to render, and all that a template may know besides it.</summary>
/// <param name="Messages">The turns, each a JSON object with all its fields.</param>
/// <param name="Tools">JSON descriptions of functions; null, which templates see as none.</param>
public sealed record ChatRequest(JsonElement Messages, JsonElement? Tools = null, JsonElement? Documents = null)
{
    private static readonly JsonElement Null = JsonDocument.Parse("null").RootElement;

    /// <summary>Ends the text where an assistant's turn begins.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>Ends the text within the last turn, so that it can be continued.</summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>The tokenizer's special tokens, <c>bos_token</c> and so on: those that it has.</summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>The caller's own variables; they win over all others.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = new Dictionary<string, JsonElement>();

    internal IEnumerable<KeyValuePair<string, JsonElement>> All(JsonElement messages) =>
    [
        new("messages", messages),
        new("tools", Tools ?? Null),
        new("documents", Documents ?? Null),
        new("add_generation_prompt", JsonSerializer.SerializeToElement(AddGenerationPrompt)),
        .. SpecialTokens.Select(token => new KeyValuePair<string, JsonElement>(token.Key, JsonSerializer.SerializeToElement(token.Value))),
        .. Variables,
    ];
}
