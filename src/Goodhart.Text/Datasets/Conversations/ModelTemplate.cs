using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Chat;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Datasets.Conversations;

/// <summary>
/// The model's own chat template. The conversation so far is rendered with the cue for an answer, and whole with each answer; what follows
/// the
/// first text in the others are the answers, with whatever the template writes at their ends. TRL does the same.
/// </summary>
/// <param name="Templates">Of the tokenizer's folder, or one file.</param>
/// <param name="Mismatch">Where a text with an answer begins otherwise.</param>
/// <param name="Date">What <c>strftime_now</c> tells; null: a template that asks is refused, since its prompts would change from day to
/// day.</param>
public sealed record ModelTemplate(ChatTemplateFolder Templates, PrefixMismatch Mismatch, DateTime? Date) : ConversationTemplate
{
    /// <summary>What a template is given of a row beside its turns.</summary>
    internal static readonly IReadOnlyList<string> Extras = ["tools", "documents", "chat_template_kwargs"];

    private readonly Dictionary<ChatTemplateSource, ChatTemplate> parsed = [];

    public override string Name => $"model's ({Templates.Hash[..12]})";

    public override bool WritesSpecialTokens => true;

    public override IReadOnlyList<string> Columns => Extras;

    public override bool Uses(string field) => true;

    public override string Prompt(IReadOnlyList<Message> turns, ConversationExtras extras)
    {
        Message? last = turns.Count > 0 ? turns[^1] : null;
        return last?.Speaker switch
        {
            null => "",
            Speaker.User or Speaker.Tool => Rendered(turns, last, extras, (false, true)),
            Speaker.Assistant => Rendered(turns, last, extras, (true, false)),
            _ => throw new MessageRefusedException(
                last, "expected a prompt that ends with a user's, a tool's or an assistant's turn, found a system message"),
        };
    }

    public override WrittenConversation Write(
        IReadOnlyList<Message> prompt, IReadOnlyList<IReadOnlyList<Message>> answers, ConversationExtras extras)
    {
        string start = Prompt(prompt, extras);
        string[] whole = [.. answers.Select(turns => Rendered([.. prompt, .. turns], turns[0], extras, (false, false)))];
        if (Array.Find(whole, text => !text.StartsWith(start, StringComparison.Ordinal)) is { } other)
        {
            int shared = whole.Min(text => Shared(start, text));
            start = Mismatch == PrefixMismatch.Common ? start[..shared] : throw PrefixMismatchException.At(
                start, other, Shared(start, other));
            extras.Cut?.Invoke();
        }

        return new(start, [.. whole.Select(text => text[start.Length..])]);
    }

    /// <summary>What the template writes behind an answer, special tokens and all. Null where that cannot be told: it refuses a plain
    /// question, or changes its answer.</summary>
    public string? Ending()
    {
        const string Question = "Name a river.";
        const string Answer = "The Loire.";
        try
        {
            string answer = (this with { Mismatch = PrefixMismatch.Common }).Write(
                [new(Speaker.User, Question)], [[new(Speaker.Assistant, Answer)]], ConversationExtras.None).Answers[0];
            int place = answer.LastIndexOf(Answer, StringComparison.Ordinal);
            return place < 0 ? null : answer[(place + Answer.Length)..];
        }
        catch (MessageRefusedException)
        {
            return null;
        }
    }

    /// <summary>Characters that two texts share at their front, never half of a surrogate pair.</summary>
    private static int Shared(string first, string second)
    {
        int shared = first.AsSpan().CommonPrefixLength(second);
        return shared > 0 && char.IsHighSurrogate(first[shared - 1]) ? shared - 1 : shared;
    }

    private string Rendered(IReadOnlyList<Message> turns, Message blamed, ConversationExtras extras, (bool Continues, bool Generates) end)
    {
        JsonArray messages = [.. turns.Select(turn => MessageFields.Of(turn, extras.FromTable))];
        ChatRequest request = new(
            Element(messages), Optional(blamed, "tools", extras.Tools), Optional(blamed, "documents", extras.Documents))
        {
            AddGenerationPrompt = end.Generates,
            ContinueFinalMessage = end.Continues,
            SpecialTokens = Templates.SpecialTokens,
            Variables = (extras.Variables ?? []).ToDictionary(entry => entry.Key, entry => Element(entry.Value), StringComparer.Ordinal),
        };
        try
        {
            return Template(request.Tools is not null).Render(request, Date).Text;
        }
        catch (ChatTemplateException problem) when (problem.Kind != FaultKind.Syntax)
        {
            throw new MessageRefusedException(blamed, problem.Message);
        }
    }

    private ChatTemplate Template(bool hasTools)
    {
        ChatTemplateSource source = Templates.Find(hasTools)
            ?? throw new ChatTemplateException($"{Templates.Path}: no template 'default'; there are: {string.Join(", ", Templates.Names)}");
        if (!parsed.TryGetValue(source, out ChatTemplate? template))
        {
            parsed[source] = template = source.Parse();
        }

        return template;
    }

    /// <summary>Tables keep tools as JSON text; an empty list is none.</summary>
    private static JsonElement? Optional(Message blamed, string column, JsonNode? value)
    {
        try
        {
            JsonNode? read = value is JsonValue text && text.TryGetValue(out string? json) ? JsonNode.Parse(json) : value;
            return read is null or JsonArray { Count: 0 } ? null : Element(read);
        }
        catch (JsonException problem)
        {
            throw new MessageRefusedException(blamed, $"expected JSON in the column {column}, found text that is none: {problem.Message}");
        }
    }

    private static JsonElement Element(JsonNode? node) => JsonSerializer.SerializeToElement(node);
}
