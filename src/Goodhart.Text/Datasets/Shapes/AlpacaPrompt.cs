using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>
/// The prompt of Alpaca's columns as LLaMA-Factory documents them: <c>instruction</c>, a line break, <c>input</c>; either may be empty.
/// </summary>
public record AlpacaPrompt
{
    internal const string Instruction = "instruction";

    internal const string Input = "input";

    private static readonly string[] Dialogue = ["system", "history"];

    /// <summary>One phrase for reports.</summary>
    public virtual string Description => "instruction and input joined by a line break";

    internal virtual IReadOnlyList<string> Roles => ["prompt", Input];

    /// <summary>
    /// Whether the columns are Alpaca's. An <c>input</c>, <c>system</c> or <c>history</c> beside a prompt of another name is some other
    /// column, unless the user says that it is this one.
    /// </summary>
    internal static bool IsIn(Cells cells) => cells.IsText("prompt") && ((string[])[Input, .. Dialogue]).Any(
        role => cells.Has(role) && (cells.Columns.Of("prompt") == Instruction || cells.Columns.Named.ContainsKey(role)));

    /// <summary>Whether a row has turns before the instruction.</summary>
    internal static bool HasDialogue(Cells cells) => Dialogue.Any(
        role => !cells.IsMissing(role) && !(cells.IsText(role) && cells.Text(role).Length == 0));

    /// <summary>Everything the model is given; null where there is no instruction.</summary>
    internal virtual string? Of(Cells cells) => Joined(cells);

    /// <summary>How the columns become text; null where they are text already.</summary>
    internal virtual ConversationTemplate? Writer => null;

    /// <summary>Everything the model is given, and responses as they follow it; null where there is no instruction.</summary>
    internal virtual WrittenConversation? Write(Cells cells, params string[] responses) =>
        Joined(cells) is { } prompt ? new(prompt, responses) : null;

    /// <summary>Null where both are empty.</summary>
    private protected static string? Joined(Cells cells)
    {
        string[] parts =
            [.. new[] { "prompt", Input }.Where(role => !cells.IsMissing(role)).Select(cells.Text).Where(text => text.Length > 0)];
        return parts.Length == 0 ? null : string.Join('\n', parts);
    }
}

/// <summary>
/// The same with <c>system</c> and <c>history</c>: a list of [question, answer] that were said before. The instruction with its input is
/// the last question of the dialogue.
/// </summary>
public sealed record AlpacaDialogue(ConversationTemplate Template) : AlpacaPrompt
{
    public override string Description =>
        $"system, history, and instruction with input as a dialogue, written in the {Template.Name} template";

    internal override IReadOnlyList<string> Roles => ["system", "history", "prompt", Input];

    internal override ConversationTemplate? Writer => Template;

    internal override string? Of(Cells cells) => Turns(cells) is { } turns ? Template.Prompt(turns, cells.Extras()) : null;

    internal override WrittenConversation? Write(Cells cells, params string[] responses) => Turns(cells) is { } turns
        ? Template.Write(turns, [.. responses.Select(text => (Message[])[new Message(Speaker.Assistant, text)])], cells.Extras())
        : null;

    private static Message[]? Turns(Cells cells)
    {
        List<Message> turns = [];
        if (!cells.IsMissing("history"))
        {
            JsonArray history = cells.Find("history") as JsonArray
                ?? throw cells.Error("history", "a list of [question, answer], both strings");
            for (int i = 0; i < history.Count; i++)
            {
                string[] texts = history[i] is JsonArray { Count: 2 } both && both.All(IsText)
                    ? [.. both.Select(text => text!.GetValue<string>())] : throw Fault(cells, i, history[i]);
                turns.Add(new Message(Speaker.User, texts[0]));
                turns.Add(new Message(Speaker.Assistant, texts[1]));
            }
        }

        return Joined(cells) is { } question ? cells.WithSystem([.. turns, new Message(Speaker.User, question)]) : null;
    }

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? _);

    private static InvalidDataException Fault(Cells cells, int index, JsonNode? exchange)
    {
        string place = FormattableString.Invariant($"{cells.Columns.Of("history")}[{index}]");
        if (exchange is JsonArray { Count: 2 } both)
        {
            int other = IsText(both[0]) ? 1 : 0;
            place = FormattableString.Invariant($"{place}[{other}]");
            return cells.Row.Error(
                place, $"expected a string, as [question, answer] has to be, found {cells.Row.Found(place, both[other])}");
        }

        string found = exchange is JsonArray list
            ? FormattableString.Invariant($"a list of {list.Count}") : cells.Row.Found(place, exchange);
        return cells.Row.Error(place, $"expected [question, answer], both strings, found {found}");
    }
}
