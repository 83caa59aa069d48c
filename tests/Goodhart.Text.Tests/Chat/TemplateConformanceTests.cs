using System.Text.Json;
using Goodhart.Text.Chat;
using Goodhart.Text.Chat.Safety;
using Xunit;

namespace Goodhart.Text.Tests.Chat;

/// <summary>What Jinja2 makes of conversations and of small templates, of which each row states the result.</summary>
public sealed class TemplateConformanceTests
{
    private static readonly JsonElement Base = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(GoldenChat.Folder, "base.json"))).RootElement;

    public static TheoryData<string> Templates { get; } = Keys("cases.jsonl", "template");

    public static TheoryData<string> Groups { get; } = Keys("snippets.jsonl", "group");

    /// <summary>A name of a character needs Unicode's table of names, which .NET does not have; no published template uses one.</summary>
    private static readonly string[] Refused = ["s0027"];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Conversations_come_out_as_the_reference_writes_them(string template)
    {
        ChatTemplate parsed = ChatTemplate.Parse(GoldenChat.Template(template), $"{template}.jinja");
        Check(Rows("cases.jsonl", "template", template), row => () => parsed.Render(Request(row), Clock(row)).Text);
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void What_the_assistant_says_is_where_the_reference_finds_it(string template)
    {
        ChatTemplate parsed = ChatTemplate.Parse(GoldenChat.Template(template), $"{template}.jinja");
        foreach (JsonElement row in Rows("cases.jsonl", "template", template))
        {
            if (row.GetProperty("tier").GetString() != "rare" && row.TryGetProperty("assistant_spans", out JsonElement spans))
            {
                IEnumerable<(int, int)> expected = spans.EnumerateArray().Select(span => (span[0].GetInt32(), span[1].GetInt32()));
                Assert.Equal(expected, parsed.Render(Request(row), Clock(row)).AssistantSpans);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Small_templates_come_out_as_the_reference_writes_them(string group)
    {
        Check(Rows("snippets.jsonl", "group", group).Where(row => !Refused.Contains(row.GetProperty("id").GetString())), row => () =>
        {
            Dictionary<string, JsonElement> variables = GoldenChat.Variables(Base);
            foreach ((string name, JsonElement value) in GoldenChat.Variables(row.GetProperty("variables")))
            {
                variables[name] = value;
            }

            return ChatTemplate.Parse(row.GetProperty("template").GetString()!, "snippet").Render(variables, GoldenChat.Now).Text;
        });
    }

    [Fact]
    public void A_character_by_its_name_is_refused_by_name()
    {
        ChatTemplateException problem = Assert.Throws<ChatTemplateException>(
            () => ChatTemplate.Parse("{{ 'a' }}\n{{ '\\N{DIGIT ONE}' }}", "t"));
        Assert.Equal((FaultKind.Unsupported, 2, 4), (problem.Kind, problem.Line, problem.Column));
    }

    private static void Check(IEnumerable<JsonElement> rows, Func<JsonElement, Func<string>> render)
    {
        string[] problems = [.. rows.Select(row => (Row: row, Problem: GoldenChat.Problem(row, render(row))))
            .Where(checkedRow => checkedRow.Problem is not null)
            .Select(checkedRow => $"{checkedRow.Row.GetProperty("id")}: {checkedRow.Problem}")];
        Assert.True(problems.Length == 0, $"{problems.Length} rows:\n{string.Join('\n', problems)}");
    }

    private static ChatRequest Request(JsonElement row)
    {
        JsonElement options = row.GetProperty("options");
        return new(row.GetProperty("messages"), Optional(options, "tools"), Optional(options, "documents"))
        {
            AddGenerationPrompt = options.GetProperty("add_generation_prompt").GetBoolean(),
            ContinueFinalMessage = Optional(options, "continue_final_message")?.GetBoolean() == true,
            Variables = GoldenChat.Variables(options.GetProperty("variables")),
        };
    }

    private static DateTime Clock(JsonElement row) => Optional(row.GetProperty("options"), "now")?.GetDateTime() ?? GoldenChat.Now;

    private static JsonElement? Optional(JsonElement owner, string name) => owner.TryGetProperty(name, out JsonElement value) ? value
        : null;

    private static IEnumerable<JsonElement> Rows(string file, string key, string value) =>
        GoldenChat.Rows(file).Where(row => row.GetProperty(key).GetString() == value);

    private static TheoryData<string> Keys(string file, string key) =>
        [.. GoldenChat.Rows(file).Select(row => row.GetProperty(key).GetString()!).Distinct()];
}
