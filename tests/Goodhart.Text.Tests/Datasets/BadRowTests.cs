using System.Text;
using Goodhart.Text.Audit;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Writing;
using Xunit;

namespace Goodhart.Text.Tests.Datasets;

/// <summary>Rows as people's files have them: what a role needs is judged, with its place; nothing else is.</summary>
public sealed class BadRowTests : IDisposable
{
    private const string Good = """{"prompt":"p","chosen":"a","rejected":"b"}""";
    private static readonly string NewLine = "\n";

    private readonly GoldenData folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"prompt":"p","chosen":"a","rejected":"b","score":NaN}""")]
    [InlineData("""{"prompt":"p","chosen":"a","rejected":"b","score":[1,-Infinity,{"x":Infinity}]}""")]
    [InlineData("""{"prompt":"p","chosen":"a","rejected":"b","note":"\ud83d"}""")]
    [InlineData("""{"prompt":"p","chosen":"a","rejected":"b","note":"NaN, \"NaN\" and Infinity"}""")]
    public void Fields_that_no_role_needs_are_never_judged(string row)
    {
        PreferenceRow expected = new(0, "p", "a", "b");
        Assert.Equal(expected, Dataset.Open(folder.Write(row)).Preferences().Single());
        Assert.Equal(expected, Dataset.Open(folder.Write("[" + row + "]")).Preferences().Single());
    }

    [Fact]
    public void An_array_with_NaN_in_many_rows_is_read_whatever_its_length()
    {
        string rows = string.Join(",", Enumerable.Range(0, 20_000).Select(i => FormattableString.Invariant(
            $$"""{"prompt":"p{{i}} NaN","chosen":"a","rejected":"b","score":{{(i % 3 == 0 ? "NaN" : "1")}}}""")));
        Assert.Equal(
            Enumerable.Range(0, 20_000).Select(i => FormattableString.Invariant($"p{i} NaN")),
            Dataset.Open(folder.Write("[" + rows + "]")).Preferences().Select(row => row.Prompt));
    }

    [Theory]
    [InlineData("""{"prompt":"p","completion":"c","label":NaN}""", "rows.dat line 1, column label: expected true or false, or 1 or 0, "
        + "found NaN or an infinity.")]
    [InlineData("""{"prompt":"p","completion":"\ud83d"}""",
        "rows.dat line 1, column completion: expected a string, as in the rows before, found bytes or escapes that are no text in UTF-8.")]
    [InlineData("""{"messages":[{"role":"user","content":"\ud83d"},{"role":"assistant","content":"x"}]}""",
        "rows.dat line 1, column messages[0].content: expected a string, found bytes or escapes that are no text in UTF-8.")]
    [InlineData("""{"messages":[{"role":"user","content":null},{"role":"assistant","content":"x"}]}""",
        "rows.dat line 1, column messages[0].content: expected a string, found null.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image"}]},{"role":"assistant","content":"x"}]}""",
        "rows.dat line 1, column messages[0].content[0]: expected parts of type text, found one of type 'image'.")]
    [InlineData("""{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]}]}""",
        "rows.dat line 1, column messages[1]: expected a text, found tool_calls without one, which the plain template does not write; "
            + "--bad-rows skip passes such rows over.")]
    [InlineData("""{"prompt":"p","completion":"[{'role': 'user', 'content': 'x'}]"}""",
        "rows.dat line 1, column completion: expected a text or messages, found Python's way of writing them ([{'role': 'user', 'c...), "
            + "which datasets.to_csv and pandas make of lists; write the file with to_json(lines=True) or to_parquet.")]
    public void In_a_role_the_column_and_row_are_named(string row, string message)
    {
        string path = folder.Write(row);
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Read(Dataset.Open(path))).Message);
    }

    private static int Read(Dataset data) =>
        data.Shape is Text.Datasets.Shapes.LabelledExamples ? data.Labelled().Count() : data.Examples().Count();

    [Theory]
    [InlineData("developer", "\n\nSystem: x")]
    [InlineData("model", "\n\nAssistant: x")]
    [InlineData("function_call", "\n\nAssistant: x")]
    [InlineData("tool", "\n\nTool: x")]
    [InlineData("function", "\n\nTool: x")]
    [InlineData("observation", "\n\nTool: x")]
    public void Roles_of_other_tools_are_turns(string role, string turn) => Assert.Equal(
        turn + "\n\nAssistant:",
        Dataset.Open(
            folder.Write(
                $$"""{"messages":[{"role":"{{role}}","content":"x"},{"role":"assistant","content":"y"}]}""")).Examples().Single().Prompt);

    [Fact]
    public void Parts_of_text_join() => Assert.Equal(
        "\n\nHuman: one two\n\nAssistant:",
        Dataset.Open(
            folder.Write(
                """{"messages":[{"role":"user","content":[{"type":"text","text":"one "},"two"]},{"role":"assistant","content":"y"}]}"""))
            .Examples().Single().Prompt);

    [Fact]
    public void Messages_keep_their_fields_and_what_the_template_does_not_write_is_named()
    {
        string row = """{"messages":[{"role":"user","content":"x","time":7},{"role":"assistant","content":"y","tool_calls":[]}],"id":1}""";
        DatasetAudit audit = DatasetAuditor.Audit(Dataset.Open(folder.Write(row)), new AuditOptions());
        Assert.Equal(["id", "messages[].time", "messages[].tool_calls"], audit.Unused);
        Recorder recorder = new();
        Assert.Single(Dataset.Open(folder.Write(row), RowReading.Plain, recorder).Examples());
        Assert.Equal("""{"role":"user","content":"x","time":7}""", recorder.Turns[0].Fields!.ToJsonString());
    }

    [Fact]
    public void Bad_rows_are_passed_over_counted_and_shown()
    {
        string rows = string.Join(NewLine, [
            Good, "{not json", """{"prompt":"p","chosen":7,"rejected":"b"}""", Good, """{"prompt":"p","chosen":8,"rejected":"b"}""", "[1]",
            Good,
        ]);
        string path = folder.Write(rows);
        SkipTally tally = new();
        Dataset data = Dataset.Open(path, new RowReading { MaxBadRows = 0.6 });
        Assert.Equal([0, 3, 6], data.Preferences(tally).Select(row => row.Id));
        Assert.Equal((7, 3), (tally.Read, tally.Used));
        Assert.Equal(
            [(1, "rows.dat line 2, byte 2"), (2, "rows.dat line 3"), (1, "rows.dat line 6")],
            tally.Bad.Select(bad => (bad.Count, bad.First)));
        Assert.Equal("column chosen: expected a string, as in the rows before, found a number", tally.Bad[1].Reason);
        Assert.Equal(3, DatasetAuditor.Audit(data, new AuditOptions()).BadRows.Count);

        string refusal = Assert.Throws<InvalidDataException>(() => Dataset.Open(path, new RowReading { MaxBadRows = 0.5 })).Message;
        Assert.StartsWith(
            "rows.dat: 4 of 7 rows are bad, more than the 50 % that --max-bad-rows allows. 1, rows.dat line 2, byte 2: ",
            refusal,
            StringComparison.Ordinal);
        Assert.Contains("; 2, the first rows.dat line 3: column chosen", refusal, StringComparison.Ordinal);
        Assert.StartsWith("1 bad row skipped, rows.dat line 2, byte 2: ", $"{tally.Bad[0]}", StringComparison.Ordinal);
        Assert.StartsWith("2 bad rows skipped, the first rows.dat line 3: ", $"{tally.Bad[1]}", StringComparison.Ordinal);
        Assert.Contains(
            "line 2, byte 2",
            Assert.Throws<InvalidDataException>(() => Dataset.Open(path).Preferences().Count()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_records_of_csv_and_elements_of_arrays_are_passed_over()
    {
        RowReading half = new() { MaxBadRows = 0.5 };
        string csv = folder.Write("prompt,chosen,rejected\np,a,b\np,a\nq,a,b\n");
        Assert.Equal(["p", "q"], Dataset.Open(csv, half).Preferences().Select(row => row.Prompt));
        string array = folder.Write($"[{Good},7,{Good}]");
        Assert.Equal([0, 2], Dataset.Open(array, half).Preferences().Select(row => row.Id));
    }

    [Fact]
    public void A_first_row_that_is_bad_says_nothing_of_the_shape()
    {
        string path = folder.Write("""{"prompt":[7],"chosen":[{"role":"user"}],"rejected":[{"role":"user"}]}""" + NewLine + Good);
        Assert.Equal(1, Dataset.Open(path, new RowReading { MaxBadRows = 0.5 }).Preferences().Single().Id);
    }

    [Theory]
    [InlineData(DataFormat.JsonLines, """{"a":null,"b":[1,null]}""" + "\n")]
    [InlineData(DataFormat.JsonArray, "[\n" + """{"a":null,"b":[1,null]}""" + "\n]\n")]
    [InlineData(DataFormat.Csv, "a,b\n,\"[1,null]\"\n")]
    public void NaN_is_written_as_null(DataFormat format, string expected)
    {
        using MemoryStream written = new();
        Conversion.Write(DataFile.Open(folder.Write("""{"a":NaN,"b":[1,Infinity]}""")), format, written);
        Assert.Equal(expected, Encoding.UTF8.GetString(written.ToArray()));
    }

    [Fact]
    public void Broken_text_is_not_lost_in_writing()
    {
        string path = folder.Write("""{"a":"\ud83d"}""");
        Assert.StartsWith(
            "rows.dat line 1, column a: expected a text, found bytes or escapes that are no text in UTF-8, which would be lost",
            Assert.Throws<InvalidDataException>(() => Conversion.Write(DataFile.Open(path), DataFormat.JsonLines, Stream.Null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void NUL_comes_back_from_csv()
    {
        using MemoryStream csv = new();
        Conversion.Write(DataFile.Open(folder.Write("""{"prompt":"a\u0000b","completion":"\u0000"}""")), DataFormat.Csv, csv);
        Assert.Equal(new SftRow(0, "a\0b", "\0"), Dataset.Open(folder.Write(csv.ToArray())).Examples().Single());
    }

    [Fact]
    public void Pandas_row_numbers_without_a_name_are_left_out_and_named()
    {
        Dataset data = Dataset.Open(folder.Write(",prompt,completion\n0,p,c\n7,q,d\n"));
        SkipTally tally = new();
        Assert.Equal([new SftRow(0, "p", "c"), new SftRow(1, "q", "d")], data.Examples(tally));
        Assert.Equal(["(row numbers without a name)"], data.Unused(tally));
        using MemoryStream written = new();
        Assert.Equal(2, Conversion.Write(data.File, DataFormat.JsonLines, written));

        Assert.Contains(
            "line 2: expected row numbers in the first column, as it has no name, found 'x'",
            Assert.Throws<InvalidDataException>(() => Dataset.Open(folder.Write(",prompt,completion\nx,p,c\n")).Examples().Count()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Latin_1_is_told_wherever_it_is_needed()
    {
        byte[] latin = Encoding.Latin1.GetBytes("prompt,completion\nNaïve,c\n");
        Assert.Contains("expected text in UTF-8", Refusal(latin), StringComparison.Ordinal);
        Assert.Contains(
            "expected names in UTF-8", Refusal(Encoding.Latin1.GetBytes("prompt,completion,naïve\np,c,x\n")), StringComparison.Ordinal);
        Assert.Contains(
            "expected names of columns in valid UTF-8", Refusal(
                Encoding.Latin1.GetBytes("""{"prompt":"p","completion":"c","naïve":1}""")), StringComparison.Ordinal);

        string Refusal(byte[] content)
        {
            string path = folder.Write(content);
            return Assert.Throws<InvalidDataException>(() => Dataset.Open(path).Examples().Count()).Message;
        }
    }

    [Fact]
    public void A_row_that_is_passed_over_gives_no_advice_to_pass_it_over()
    {
        string path = folder.Write("""
            {"messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]}]}
            {"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}
            """);
        SkipTally tally = new();
        Assert.Single(Dataset.Open(path, new RowReading { MaxBadRows = 0.5 }).Examples(tally));
        Assert.Equal(
            "column messages[]: expected a text, found tool_calls without one, which the plain template does not write",
            tally.Bad[0].Reason);
    }

    [Theory]
    [InlineData("prompt", """{"prompt":"Naïve","chosen":"a","rejected":"b"}""")]
    [InlineData("chosen", """{"prompt":"p","chosen":"Naïve","rejected":"b"}""")]
    [InlineData("text", """{"text":"Naïve"}""")]
    public void Latin_1_in_every_row_is_told_instead_of_the_columns(string column, string row)
    {
        string path = folder.Write(Encoding.Latin1.GetBytes(row + NewLine + row));
        Assert.Equal(
            $"rows.dat line 1, column {column}: expected a text or messages, found bytes or escapes that are no text in UTF-8.",
            Assert.Throws<InvalidDataException>(() => Dataset.Open(path)).Message);
    }

    [Theory]
    [InlineData("""{"chosen":"a","rejected":"b","other":"p"}""", "a prompt in a column of its own: --columns prompt=other.")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"other":1}""", "A conversation has to end with an assistant's turn, which "
        + "is what is learnt; these end with a question.")]
    [InlineData("""{"prompt":"p","completion":"c","label":0}""", "Only responses that are labelled desirable are imitated; `align --loss "
        + "kto` trains on both kinds.")]
    public void Advice_leads_somewhere_where_every_row_is_skipped(string row, string advice)
    {
        Dataset data = Dataset.Open(folder.Write(row));
        SkipTally tally = new();
        Assert.Empty(data.Examples(tally));
        Assert.EndsWith(advice, SkipAdvice.Of(data, tally), StringComparison.Ordinal);
    }

    /// <summary>A template that keeps what it is given.</summary>
    private sealed record Recorder : TurnTemplate
    {
        public List<Message> Turns { get; } = [];

        public override string Name => "recorder";

        public override string Cue => "";

        public override string Turn(Message message)
        {
            Turns.Add(message);
            return "";
        }

        public override string Reply(string content) => content;
    }
}
