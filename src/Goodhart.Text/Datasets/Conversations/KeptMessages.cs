using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Conversations;

/// <summary>No text at all: conversations stay lists of {role, content}, each as JSON, for files that other models read later.</summary>
public sealed record KeptMessages : ConversationTemplate
{
    public override string Name => "kept";

    /// <summary>What any template may ask of a row beside its turns.</summary>
    public override IReadOnlyList<string> Columns => ModelTemplate.Extras;

    public override bool Uses(string field) => true;

    public override string Prompt(IReadOnlyList<Message> turns, ConversationExtras extras) => Json(turns, extras);

    public override WrittenConversation Write(
        IReadOnlyList<Message> prompt, IReadOnlyList<IReadOnlyList<Message>> answers, ConversationExtras extras) =>
        new(Json(prompt, extras), [.. answers.Select(turns => Json(turns, extras))]);

    /// <summary>A conversation as this wrote it.</summary>
    internal static JsonArray Read(string written) => JsonNode.Parse(written)!.AsArray();

    private static string Json(IReadOnlyList<Message> turns, ConversationExtras extras) =>
        new JsonArray([.. turns.Select(turn => MessageFields.Of(turn, extras.FromTable))]).ToJsonString();
}
