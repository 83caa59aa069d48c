using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Shapes;
using Xunit;
using Conversed = Goodhart.Text.Datasets.Shapes.ConversationPairs;
using Implicit = Goodhart.Text.Datasets.Shapes.ImplicitConversations;

namespace Goodhart.Text.Tests.Datasets;

public sealed class ShapeTests : IDisposable
{
    private const string U = """{"role":"user","content":"Hi"}""";
    private const string A = """{"role":"assistant","content":"Hello"}""";
    private const string B = """{"role":"assistant","content":"What?"}""";
    private const string V = """{"from":"human","value":"More"}""";
    private const string Asked = "\n\nHuman: Hi\n\nAssistant:";

    private readonly GoldenData folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"instruction":"p","input":"i","output":"o"}""", null, "p\ni", "o")]
    [InlineData("""{"instruction":"p","input":"i","output":"o"}""", "prompt=instruction,completion=output", "p\ni", "o")]
    [InlineData("""{"prompt":"p","input":"i","completion":"o"}""", null, "p", "o")]
    [InlineData("""{"question":"p","context":"i","answer":"o"}""", "prompt=question,input=context,completion=answer", "p\ni", "o")]
    public void Alpacas_input_joins_the_instruction(string row, string? columns, string prompt, string completion) => Assert.Equal(
        new SftRow(0, prompt, completion), Dataset.Open(
            folder.Write(row), columns is null ? null : ColumnMap.Parse(columns)).Examples().Single());

    [Theory]
    [InlineData("tool_calls", """[{"id":"1"}]""", """[{"id":"2"}]""")]
    [InlineData("function_call", """{"name":"look"}""", """{"name":"ask"}""")]
    public void Turns_that_call_differently_are_not_one_history(string field, string first, string second)
    {
        string Silent(string call) => $$"""{"role":"assistant","content":null,"{{field}}":{{call}}}""";
        string row = $$"""{"chosen":[{{U}},{{Silent(first)}},{{V}},{{A}}],"rejected":[{{U}},{{Silent(second)}},{{V}},{{B}}]}""";
        PreferenceRow read = Dataset.Open(folder.Write(row), RowReading.Plain, new CanonicalDialogue()).Preferences().Single();
        Assert.Equal(Asked, read.Prompt);
        Assert.Contains(first, read.Chosen, StringComparison.Ordinal);
        Assert.Contains(second, read.Rejected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($$"""{"prompt":[{{U}}],"chosen":[{{A}}],"rejected":[{{B}}]}""", typeof(Conversed), Asked, " Hello", " What?")]
    [InlineData($$"""{"prompt":[{{U}}],"chosen":"Hello","rejected":"What?"}""", typeof(Conversed), Asked, " Hello", " What?")]
    [InlineData($$"""{"prompt":[{{U}}],"chosen":[{{U}},{{A}}],"rejected":[{{U}},{{B}}]}""", typeof(Conversed), Asked, " Hello", " What?")]
    [InlineData($$"""{"messages":[{{U}}],"chosen":{{A}},"rejected":{{B}}}""", typeof(Conversed), Asked, " Hello", " What?")]
    [InlineData($$"""{"prompt":"Hi","chosen":[{{A}}],"rejected":[{{B}}]}""", typeof(Conversed), Asked, " Hello", " What?")]
    [InlineData($$"""{"chosen":[{{U}},{{A}}],"rejected":[{{U}},{{B}}]}""", typeof(Implicit), Asked, " Hello", " What?")]
    [InlineData($$"""{"prompt":"Hi","chosen":[{{U}},{{A}}],"rejected":[{{U}},{{B}}]}""", typeof(Implicit), Asked, " Hello", " What?")]
    [InlineData($$"""{"chosen":[{{U}},{{A}}],"rejected":[{{U}},{{A}}]}""", typeof(Implicit), Asked, " Hello", " Hello")]
    [InlineData(
        $$"""{"chosen":[{{U}},{{A}},{{V}},{{A}}],"rejected":[{{U}},{{A}},{{U}},{{B}}]}""",
        typeof(Implicit),
        Asked,
        " Hello\n\nHuman: More\n\nAssistant: Hello",
        " Hello\n\nHuman: Hi\n\nAssistant: What?")]
    [InlineData("""{"prompt":"p","chosen":"","rejected":"r"}""", typeof(StringPairs), "p", "", "r")]
    [InlineData("""{"prompt":"p","input":"i","chosen":"c","rejected":"r"}""", typeof(StringPairs), "p", "c", "r")]
    [InlineData("""{"instruction":"p","chosen":"c","rejected":"r"}""", typeof(StringPairs), "p", "c", "r")]
    [InlineData("""{"instruction":"p","input":"i","chosen":"c","rejected":"r"}""", typeof(AlpacaPairs), "p\ni", "c", "r")]
    [InlineData("""{"instruction":"p","input":"","chosen":"c","rejected":"r"}""", typeof(AlpacaPairs), "p", "c", "r")]
    [InlineData("""{"instruction":"p","input":null,"chosen":"c","rejected":"r"}""", typeof(AlpacaPairs), "p", "c", "r")]
    [InlineData("""{"instruction":"","input":"i","chosen":"c","rejected":"r"}""", typeof(AlpacaPairs), "i", "c", "r")]
    public void Preferences_are_found_by_their_shape(string row, Type shape, string prompt, string chosen, string rejected)
    {
        Dataset data = Dataset.Open(folder.Write(row));
        Assert.IsType(shape, data.Shape);
        Assert.Equal([new PreferenceRow(0, prompt, chosen, rejected)], data.Preferences());
        Assert.Equal([new SftRow(0, prompt, chosen)], data.Examples());
    }

    [Theory]
    [InlineData("""{"text":"All of it"}""", "", "All of it")]
    [InlineData("""{"prompt":"p","completion":" c","text":"p c"}""", "p", " c")]
    [InlineData($$"""{"prompt":[{{U}}],"completion":[{{A}}]}""", Asked, " Hello")]
    [InlineData($$"""{"messages":[{{U}},{{A}}]}""", Asked, " Hello")]
    [InlineData($$"""{"conversations":[{{V}},{"from":"gpt","value":"Yes"}]}""", "\n\nHuman: More\n\nAssistant:", " Yes")]
    public void Sft_rows_are_found_by_their_shape(string row, string prompt, string completion) =>
        Assert.Equal([new SftRow(0, prompt, completion)], Dataset.Open(folder.Write(row)).Examples());

    [Fact]
    public void Skips_are_counted_by_reason_and_ids_count_all_rows()
    {
        string rows = """
            {"prompt":"p","verdict":"equal"}
            {"prompt":"p","chosen":"a","rejected":"b"}
            {"prompt":"p","chosen":"a"}
            {"prompt":null,"chosen":"a","rejected":"b"}

            {"prompt":"q","chosen":"a","rejected":"b"}
            """;
        SkipTally tally = new();
        Assert.Equal([1, 4], Dataset.Open(folder.Write(rows)).Preferences(tally).Select(row => row.Id));
        Assert.Equal((5, 2), (tally.Read, tally.Used));
        Assert.Equal([SkipReason.NoPreference, SkipReason.OneResponse, SkipReason.NoPrompt], tally.Skipped.Keys);
    }

    [Theory]
    [InlineData("""{"chosen":"no marker a","rejected":"no marker b"}""", SkipReason.NoSharedPrompt)]
    [InlineData($$"""{"chosen":[{{U}},{{A}}],"rejected":[{{V}},{{A}}]}""", SkipReason.NoSharedPrompt)]
    public void Dialogues_that_share_nothing_are_skipped(string row, SkipReason reason)
    {
        SkipTally tally = new();
        Assert.Empty(Dataset.Open(folder.Write(row)).Preferences(tally));
        Assert.Equal([reason], tally.Skipped.Keys);
    }

    [Theory]
    [InlineData("""{"a":1,"b":2}""", "rows.dat: found columns a, b; expected chosen and rejected")]
    [InlineData("{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"}\n{\"prompt\":\"p\",\"chosen\":3,\"rejected\":\"b\"}",
        "rows.dat line 2, column chosen: expected a string, as in the rows before, found a number.")]
    [InlineData("""{"messages":[{"role":"critic","content":"x"},{"role":"assistant","content":"y"}]}""",
        "rows.dat line 1, column messages[0]: expected a role of user (human), assistant (gpt, model), system (developer) or tool "
            + "(function, observation), found 'critic'")]
    [InlineData("""{"messages":[{"role":"user"},{"role":"assistant","content":"a"}]}""", "rows.dat line 1, column messages[0].content: "
        + "expected a string, found nothing")]
    public void Other_rows_are_refused_with_their_place(string rows, string message)
    {
        string path = folder.Write(rows);
        string refusal = Assert.Throws<InvalidDataException>(() => Dataset.Open(path).Examples().Count()).Message;
        Assert.StartsWith(message, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompt=question", "no column 'question'; found chosen, prompt, rejected")]
    [InlineData("text=prompt", "not used")]
    public void A_named_column_is_never_passed_over(string columns, string message)
    {
        string path = folder.Write("""{"prompt":"p","chosen":"a","rejected":"b"}""");
        string refusal = Assert.Throws<InvalidDataException>(() => Dataset.Open(path, ColumnMap.Parse(columns))).Message;
        Assert.Contains(message, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("question=a")]
    [InlineData("prompt")]
    [InlineData("prompt=a,prompt=b")]
    [InlineData("")]
    [InlineData(" , ")]
    public void A_column_map_that_says_nothing_is_refused(string columns) =>
        Assert.Throws<ArgumentException>(() => ColumnMap.Parse(columns));
}
