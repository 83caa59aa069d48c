using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat;

/// <summary>Renders rows of <c>messages</c>, with the tools, documents and variables that a row brings along.</summary>
/// <param name="name">Of several templates the one asked for; null: as transformers chooses.</param>
/// <param name="variables">For every row; a row's own win over them.</param>
/// <param name="now">The clock of <c>strftime_now</c>.</param>
public sealed class RowRenderer(ChatTemplateFolder templates, string? name, JsonObject variables, DateTime now)
{
    private readonly Dictionary<ChatTemplateSource, ChatTemplate> parsed = [];

    public bool AddGenerationPrompt { get; init; }

    public bool ContinueFinalMessage { get; init; }

    /// <exception cref="ChatTemplateException">No such template, a row without messages, or a template that fails on them.</exception>
    public string Render(JsonObject row)
    {
        if (row["messages"] is not JsonArray messages)
        {
            throw new ChatTemplateException("expected a list of messages {role, content} in the column messages");
        }

        Dictionary<string, JsonElement> own = new(StringComparer.Ordinal);
        foreach (JsonObject given in new[] { variables, row["chat_template_kwargs"] as JsonObject ?? [],
            row["variables"] as JsonObject ?? [] })
        {
            foreach ((string variable, JsonNode? value) in given)
            {
                own[variable] = Element(value);
            }
        }

        ChatRequest request = new(Element(messages), Optional(row, "tools"), Optional(row, "documents"))
        {
            AddGenerationPrompt = AddGenerationPrompt,
            ContinueFinalMessage = ContinueFinalMessage,
            SpecialTokens = templates.SpecialTokens,
            Variables = own,
        };
        JsonElement? tools = own.TryGetValue("tools", out JsonElement asked) ? asked : request.Tools;
        return Template(tools is { ValueKind: not JsonValueKind.Null }).Render(request, now).Text;
    }

    private ChatTemplate Template(bool hasTools)
    {
        ChatTemplateSource source = templates.Find(hasTools, name) ?? throw new ChatTemplateException(
            $"{templates.Path}: no chat template '{name ?? "default"}'; there are: {string.Join(", ", templates.Names)}. Choose one by "
                + "its name");
        if (!parsed.TryGetValue(source, out ChatTemplate? template))
        {
            template = source.Parse();
            parsed[source] = template;
        }

        return template;
    }

    /// <summary>Tables keep lists of functions as JSON text.</summary>
    private static JsonElement? Optional(JsonObject row, string column)
    {
        switch (row[column])
        {
            case null:
                return null;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                try
                {
                    return JsonDocument.Parse(value.GetValue<string>()).RootElement;
                }
                catch (JsonException problem)
                {
                    throw new ChatTemplateException($"{column}: expected JSON, found text that is none: {problem.Message}", problem);
                }

            case JsonNode node:
                return Element(node);
        }
    }

    private static JsonElement Element(JsonNode? node) => JsonSerializer.SerializeToElement(node);
}
