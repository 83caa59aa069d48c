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
        Check(Rows("snippets.jsonl", "group", group), row => () =>
        {
            Dictionary<string, JsonElement> variables = GoldenChat.Variables(Base);
            foreach ((string name, JsonElement value) in GoldenChat.Variables(row.GetProperty("variables")))
            {
                variables[name] = value;
            }

            return ChatTemplate.Parse(row.GetProperty("template").GetString()!, "snippet").Render(variables, GoldenChat.Now).Text;
        });
    }

    [Theory]   // by CPython 3.11's unicodedata: its names, aliases, and names that a rule makes
    [InlineData("GREEK SMALL LETTER ALPHA", 0x3B1)]
    [InlineData("greek small letter alpha", 0x3B1)]
    [InlineData("Line Feed", 0xA)]
    [InlineData("NBSP", 0xA0)]
    [InlineData("LATIN CAPITAL LETTER GHA", 0x1A2)]
    [InlineData("CJK COMPATIBILITY IDEOGRAPH-2F800", 0x2F800)]
    [InlineData("CJK UNIFIED IDEOGRAPH-4E00", 0x4E00)]
    [InlineData("CJK UNIFIED IDEOGRAPH-3134A", 0x3134A)]
    [InlineData("HANGUL SYLLABLE A", 0xC544)]
    [InlineData("HANGUL SYLLABLE GAG", 0xAC01)]
    [InlineData("HANGUL SYLLABLE HIH", 0xD7A3)]
    [InlineData("GRINNING FACE", 0x1F600)]
    [InlineData("VARIATION SELECTOR-256", 0xE01EF)]
    public void A_character_may_be_written_by_its_name(string name, int point) => Assert.Equal(
        $"<{char.ConvertFromUtf32(point)}>",
        ChatTemplate.Parse($"{{{{ '<\\N{{{name}}}>' }}}}", "t").Render(new Dictionary<string, JsonElement>(), GoldenChat.Now).Text);

    [Theory]
    [InlineData("\\N{NO SUCH CHARACTER}")]
    [InlineData("\\N{hangul syllable ga}")]
    [InlineData("\\N{CJK UNIFIED IDEOGRAPH-4e00}")]
    [InlineData("\\N{CJK UNIFIED IDEOGRAPH-FFFF}")]
    [InlineData("\\N{}")]
    [InlineData("\\N{DIGIT ONE")]
    [InlineData("\\N")]
    public void A_name_that_no_character_has_is_refused_with_its_place(string literal)
    {
        ChatTemplateException problem = Assert.Throws<ChatTemplateException>(
            () => ChatTemplate.Parse($"{{{{ 'a' }}}}\n{{{{ '{literal}' }}}}", "t"));
        Assert.Equal((FaultKind.Syntax, 2, 4), (problem.Kind, problem.Line, problem.Column));
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
