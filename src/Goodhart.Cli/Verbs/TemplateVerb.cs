using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Cli.Parsing;
using Goodhart.Text.Chat;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart template</c>: what a model's chat template makes of conversations.</summary>
internal sealed class TemplateVerb : Verb
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Argument<string> folder = new Argument<string>("TEMPLATE")
    {
        Description = "A tokenizer's folder (chat_template.jinja or tokenizer_config.json), a template file, or a name that "
            + "`goodhart pull` fetched.",
        HelpName = "FOLDER|FILE.jinja",
    }.AcceptHubName();

    private readonly Option<string> messages = TextOption.Required(
        "--messages", "FILE", "Rows with messages, and where they need them tools, documents and variables of their own, "
            + "which win over all others.").AcceptDataName();

    private readonly Option<bool> generation = TextOption.Flag("--add-generation-prompt", "End where the assistant's next turn begins.");

    private readonly Option<bool> continued = TextOption.Flag("--continue-final-message", "End within the last turn, to be continued.");

    private readonly Option<string?> variables = TextOption.OrNone(
        "--variables", "JSON", "Variables for every row, as a JSON object: bos_token, enable_thinking and whatever the template asks for.");

    private readonly Option<string?> name = TextOption.OrNone(
        "--name", "NAME", "Of several templates the one of this name. Default: tool_use where a row has tools, else default.");

    private readonly Option<DateTime?> now = TimeOption.OrNone(
        "--now", "The time that the template's strftime_now tells. Default: now, in UTC.");

    public TemplateVerb()
        : base("template", "Render conversations by a model's own chat template: every row as a JSON line with its text, or its error.") =>
        Take([folder, messages, generation, continued, variables, name, now, new ConfigOption()], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart template qwen3-0.6b --messages conversations.jsonl --add-generation-prompt",
        "goodhart template chat_template.jinja --messages conversations.jsonl --variables '{\"bos_token\": \"<s>\"}'",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        ChatTemplateFolder templates = ChatTemplateFolder.Open(parse.GetValue(folder)!);
        if (templates.Names.Count == 0)
        {
            throw new ChatTemplateException(
                $"{templates.Path}: the folder has no chat template: neither {ChatTemplateFolder.TemplateName}, "
                + "nor a chat_template in tokenizer_config.json.");
        }

        RowRenderer renderer = new(templates, parse.GetValue(name), Given(parse), parse.GetValue(now) ?? DateTimeOffset.UtcNow.DateTime)
        {
            AddGenerationPrompt = parse.GetValue(generation),
            ContinueFinalMessage = parse.GetValue(continued),
        };
        foreach (DataRow row in DataFile.Open(parse.GetValue(messages)!).Rows())
        {
            cancel.ThrowIfCancellationRequested();
            Out(parse).Write(Line(renderer, row) + "\n");
        }

        return ExitCode.Done;
    }

    private static string Line(RowRenderer renderer, DataRow row)
    {
        try
        {
            return JsonSerializer.Serialize(new { text = renderer.Render(row.Fields) }, Readable);
        }
        catch (ChatTemplateException problem)
        {
            return JsonSerializer.Serialize(new { error = $"{row.File} {row.Place}: {problem.Message}" }, Readable);
        }
    }

    private JsonObject Given(ParseResult parse)
    {
        try
        {
            return parse.GetValue(variables) is { } json
                ? JsonNode.Parse(json) as JsonObject ?? throw new ArgumentException(
                    "--variables: expected a JSON object, such as '{\"bos_token\": \"<s>\"}'.")
                : [];
        }
        catch (JsonException problem)
        {
            throw new ArgumentException($"--variables: not valid JSON: {problem.Message}", problem);
        }
    }
}
