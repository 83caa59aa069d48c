using Goodhart.Text.Audit;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Shapes;
using Xunit;

namespace Goodhart.Text.Tests.Datasets;

/// <summary>What the model is given, of every shape; right values are written by hand after the documented rules.</summary>
public sealed class PromptTests : IDisposable
{
    private const string S = """{"role":"system","content":"Be brief."}""";
    private const string U = """{"role":"user","content":"Hi"}""";
    private const string A = """{"role":"assistant","content":"Hello"}""";
    private const string B = """{"role":"assistant","content":"What?"}""";
    private const string Asked = "\n\nHuman: Hi\n\nAssistant:";
    private const string Brief = "\n\nSystem: Be brief.";

    private const string Alpaca =
        """ "instruction":"p","input":"i","system":"Be brief.","history":[["a","b"],["c","d"]]""";

    private const string Dialogue = Brief + "\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant: d\n\nHuman: p\ni\n\nAssistant:";

    private readonly GoldenData folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData($$"""{"prompt":"Hi","chosen":[{{S}},{{U}},{{A}}],"rejected":[{{S}},{{U}},{{B}}]}""", Brief + Asked)]
    [InlineData($$"""{"prompt":"Hi","chosen":[{{A}}],"rejected":[{{B}}]}""", Asked)]
    [InlineData($$"""{"prompt":"Hi","prompt_id":"7","messages":[{{S}},{{U}},{{A}}]}""", Brief + Asked)]
    [InlineData($$"""{"prompt":[{{U}}],"completion":[{{A}}]}""", Asked)]
    [InlineData($$"""{"prompt":"Hi","conversations":[{{U}}],"chosen":{{A}},"rejected":{{B}}}""", Asked)]
    [InlineData("""{"prompt":"Hi","completion":" x"}""", "Hi")]
    [InlineData("""{"prompt":"Hi","chosen":" x","rejected":" y"}""", "Hi")]
    [InlineData("""{"instruction":"p","input":"i","output":"o"}""", "p\ni")]
    [InlineData("""{"instruction":"p","input":"i","output":"o","system":"","history":[]}""", "p\ni")]
    [InlineData($$"""{{{Alpaca}},"output":"o"}""", Dialogue)]
    [InlineData($$"""{{{Alpaca}},"chosen":"o","rejected":"n"}""", Dialogue)]
    [InlineData($$"""{"system":"Be brief.","conversations":[{{U}},{{A}}]}""", Brief + Asked)]
    [InlineData($$"""{"system":"Be brief.","conversations":[{{S}},{{U}},{{A}}]}""", Brief + Asked)]
    [InlineData($$"""{"system":"Be brief.","conversations":[{{U}}],"chosen":{{A}},"rejected":{{B}}}""", Brief + Asked)]
    [InlineData($$"""{"system":"Be brief.","chosen":[{{U}},{{A}}],"rejected":[{{U}},{{B}}]}""", Brief + Asked)]
    public void Prompts_are_those_that_training_sees(string row, string prompt)
    {
        string path = folder.Write(row);
        Assert.Equal(prompt, Dataset.OpenPrompts(path).Prompts().Single().Text);
        Assert.Equal(prompt, Dataset.Open(path).Examples().Single().Prompt);
        Assert.Equal(prompt, Dataset.Open(path).Whole().Single().Prompt);
    }

    [Theory]
    [InlineData("""{"prompt":"Hi"}""", "Hi")]
    [InlineData("""{"prompt":"Hi","text":"whole"}""", "Hi")]
    [InlineData($$"""{"prompt":[{{S}},{{U}}]}""", Brief + Asked)]
    [InlineData($$"""{"messages":[{{S}},{{U}}]}""", Brief + Asked)]
    [InlineData($$"""{{{Alpaca}}}""", Dialogue)]
    [InlineData("""{"prompt":"Hi","chosen":null,"rejected":null}""", "Hi")]
    public void Prompts_need_no_response(string row, string prompt) =>
        Assert.Equal(prompt, Dataset.OpenPrompts(folder.Write(row)).Prompts().Single().Text);

    [Fact]
    public void A_null_in_the_first_row_says_nothing_of_the_others()
    {
        SkipTally tally = new();
        string path = folder.Write(
            """{"prompt":null,"chosen":"a","rejected":"b"}""" + "\n" + """{"prompt":"q","chosen":"a","rejected":"b"}""");
        Assert.Equal(["q"], Dataset.OpenPrompts(path).Prompts(tally).Select(prompt => prompt.Text));
        Assert.Equal(SkipReason.NoPrompt, Assert.Single(tally.Skipped).Key);
    }

    [Fact]
    public void One_row_with_turns_before_it_makes_all_rows_dialogues()
    {
        string path = folder.Write(
            """{"instruction":"p","input":"","output":"o","history":[]}""" + "\n"
                + """{"instruction":"q","input":"","output":"o","history":[["a","b"]]}""");
        Assert.Equal(
            [
                new SftRow(0, "\n\nHuman: p\n\nAssistant:", " o"),
                new SftRow(1, "\n\nHuman: a\n\nAssistant: b\n\nHuman: q\n\nAssistant:", " o"),
            ],
            Dataset.Open(path).Examples());
    }

    [Fact]
    public void Messages_are_history_only_if_the_answers_go_on_from_them()
    {
        string row = $$"""{"prompt":"Hi","chosen":[{{U}},{{A}}],"rejected":[{{U}},{{B}}],"messages":[{{U}},{{A}}],"score_chosen":8.5}""";
        Dataset data = Dataset.Open(folder.Write(row));
        Assert.IsType<ImplicitConversations>(data.Shape);
        Assert.Equal([new PreferenceRow(0, Asked, " Hello", " What?")], data.Preferences());
        Assert.Equal(["prompt", "messages", "score_chosen"], DatasetAuditor.Audit(data, new AuditOptions()).Unused);

        string history = $$"""{"messages":[{{U}}],"chosen":[{{A}}],"rejected":[{{B}}],"prompt":"Hi"}""";
        Assert.Equal(new ConversationPairs("messages", Plain()), Dataset.Open(folder.Write(history)).Shape);
        Assert.Equal(new ConversationPairs("prompt", Plain()), Dataset.Open(folder.Write(history), ColumnMap.Parse("messages=")).Shape);

        static Text.Datasets.Conversations.PlainDialogue Plain() => new();
    }

    [Theory]
    [InlineData("""{"instruction":"p","output":"o","history":"none"}""", "column history: expected a list of [question, answer], both "
        + "strings, found a string")]
    [InlineData("""{"instruction":"p","output":"o","history":[["a"]]}""", "column history[0]: expected [question, answer], both strings, "
        + "found a list of 1")]
    [InlineData("""{"instruction":"p","output":"o","history":[["a","b"],["a",7]]}""", "column history[1][1]: expected a string, as "
        + "[question, answer] has to be, found a number")]
    [InlineData("""{"instruction":"p","output":"o","history":["a"]}""", "column history[0]: expected [question, answer], both strings, "
        + "found a string")]
    [InlineData("""{"instruction":"p","output":"o","history":[],"system":7}""", "column system: expected a string, as in the rows before, "
        + "found a number")]
    [InlineData($$"""{"system":"Other.","messages":[{{S}},{{U}},{{A}}]}""", "column system: expected no second system text")]
    [InlineData("""{"question":"p"}""", "found columns question; expected prompt, as texts or messages")]
    public void What_cannot_be_a_prompt_is_refused(string row, string message)
    {
        string path = folder.Write(row);
        string refusal = Assert.Throws<InvalidDataException>(() => Dataset.OpenPrompts(path).Prompts().Count()).Message;
        Assert.Contains(message, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_name_may_hold_a_comma_and_a_role_may_have_no_column()
    {
        string path = folder.Write("""{"Frage, deutsch":"p","chosen":"a","rejected":"b"}""");
        Assert.Equal("p", Dataset.Open(path, ColumnMap.Parse("prompt=\"Frage, deutsch\",chosen=chosen")).Preferences().Single().Prompt);
        Assert.Equal(
            "p", Dataset.Open(
                path, ColumnMap.Of(new Dictionary<string, string> { ["prompt"] = "Frage, deutsch" })).Preferences().Single().Prompt);
        Assert.Throws<ArgumentException>(() => ColumnMap.Of(new Dictionary<string, string> { ["question"] = "a" }));
    }

    [Fact]
    public void Columns_that_a_shape_does_not_use_are_named()
    {
        SkipTally tally = new();
        Dataset data = Dataset.Open(folder.Write("""{"prompt":"p","system":"Be brief.","completion":"c","tools":"[]","extra":1}"""));
        Assert.Single(data.Examples(tally));
        Assert.Equal(["system", "tools", "extra"], data.Unused(tally));
    }
}
