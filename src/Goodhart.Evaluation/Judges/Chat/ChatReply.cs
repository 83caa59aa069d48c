using System.Text.Json;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>What the endpoint sent.</summary>
/// <param name="Model">Null where it does not say.</param>
/// <param name="FinishReason">"stop", "length", ...</param>
/// <param name="InputTokens">As the endpoint counts; null where it does not.</param>
internal sealed record ChatReply(string Text, string? Model, string? FinishReason, long? InputTokens, long? OutputTokens)
{
    /// <summary>Reads a chat completion; the key is in no text of it.</summary>
    /// <exception cref="JsonException">No JSON, or no choice with a message.</exception>
    /// <exception cref="InvalidOperationException">A field is of another kind.</exception>
    public static ChatReply Read(ReadOnlyMemory<byte> answer, ApiKey key)
    {
        using JsonDocument document = JsonDocument.Parse(answer);
        JsonElement root = document.RootElement;
        if (!root.TryGetProperty("choices", out JsonElement choices) || choices.GetArrayLength() == 0)
        {
            throw new JsonException("no choices");
        }

        JsonElement choice = choices[0];
        return choice.TryGetProperty("message", out JsonElement message)
            ? new ChatReply(
                Content(message), Text(root, "model"), Text(choice, "finish_reason"), Count(root, "prompt_tokens"),
                Count(root, "completion_tokens"))
            : throw new JsonException("no message");

        string Content(JsonElement owner) => !owner.TryGetProperty("content", out JsonElement content) ? ""
            : content.ValueKind == JsonValueKind.Array ? key.Redact(string.Concat(content.EnumerateArray().Select(Part)))
            : Text(owner, "content") ?? "";

        string? Text(JsonElement owner, string name) =>
            owner.TryGetProperty(name, out JsonElement value) && value.GetString() is { } text ? key.Redact(text) : null;
    }

    /// <summary>
    /// What a part of a message says; empty for reasoning, refusals and whatever else is no text (Mistral's and Anthropic's form).
    /// </summary>
    private static string Part(JsonElement part) => part.ValueKind == JsonValueKind.String ? part.GetString()!
        : part.TryGetProperty("type", out JsonElement type) && type.GetString() is "text" or "output_text"
            && part.TryGetProperty("text", out JsonElement text) ? text.GetString() ?? ""
        : "";

    /// <summary>Null where the endpoint does not count, or counts in another form: a reply is not thrown away for that.</summary>
    private static long? Count(JsonElement root, string name) =>
        root.TryGetProperty("usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.Object
            && usage.TryGetProperty(name, out JsonElement count)
        && count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out long tokens) ? tokens : null;
}
