using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;
using Goodhart.Text.Datasets.Writing;
using Goodhart.Text.Tests.Parquet;
using Xunit;

namespace Goodhart.Text.Tests.Datasets;

/// <summary>Unpaired preference data in the shapes that are in use.</summary>
public sealed class LabelTests : IDisposable
{
    private const string U = """{"role":"user","content":"Hi"}""";
    private const string A = """{"role":"assistant","content":"Hello"}""";
    private const string Asked = "\n\nHuman: Hi\n\nAssistant:";

    private readonly GoldenData folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"prompt":"p","completion":"c","label":true}""", "p", "c", true)]
    [InlineData("""{"prompt":"p","completion":"c","label":0}""", "p", "c", false)]
    [InlineData("""{"prompt":"p","completion":"c","label":1.0}""", "p", "c", true)]
    [InlineData("""{"prompt":"p","completion":"c","label":"False"}""", "p", "c", false)]
    [InlineData($$"""{"prompt":[{{U}}],"completion":[{{A}}],"label":true}""", Asked, " Hello", true)]
    [InlineData($$"""{"prompt":[{{U}}],"completion":[{{U}},{{A}}],"label":true}""", Asked, " Hello", true)]   // as argilla/kto-mix-15k
    [InlineData($$"""{"messages":[{{U}},{{A}}],"label":false}""", Asked, " Hello", false)]   // LLaMA-Factory's kto_en_demo
    [InlineData("""{"instruction":"p","input":"i","output":"c","kto_tag":true}""", "p\ni", "c", true)]
    [InlineData(
        """{"conversations":[{"from":"human","value":"Hi"},{"from":"gpt","value":"Hello"}],"kto_tag":false}""", Asked, " Hello", false)]
    // HALOs
    [InlineData($$"""{"prompt":[{{U}}],"output":[{{A}}],"label":1,"reward":0.3,"type":"binary_feedback"}""", Asked, " Hello", true)]
    public void Responses_with_labels_are_found_by_their_shape(string row, string prompt, string completion, bool label)
    {
        Dataset data = Dataset.Open(folder.Write(row));
        Assert.IsType<LabelledExamples>(data.Shape);
        Assert.Equal([new LabelledRow(0, prompt, completion, label)], data.Labelled());
        Assert.Equal([new SftRow(0, prompt, completion)], data.Whole());
    }

    [Fact]
    public void Csv_texts_are_labels()
    {
        Dataset data = Dataset.Open(folder.Write("prompt,completion,label\np,c,True\nq,d,0\nr,e,\n"));
        SkipTally tally = new();
        Assert.Equal([new LabelledRow(0, "p", "c", true), new LabelledRow(1, "q", "d", false)], data.Labelled(tally));
        Assert.Equal(1, tally.Skipped[SkipReason.NoLabel]);
    }

    [Fact]
    public void Parquets_flags_and_whole_numbers_are_labels()
    {
        Assert.Equal([true, false], Labels(ParquetBytes.Bool, [0b01]));
        Assert.Equal([false, true], Labels(ParquetBytes.I32, [0, 0, 0, 0, 100, 0, 0, 0], decimals: 2));   // DECIMAL(_, 2): 0.00 and 1.00
        Assert.Equal([false, true], Labels(ParquetBytes.I64, [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]));

        IEnumerable<bool> Labels(int physical, byte[] values, int? decimals = null)
        {
            ChunkBytes Texts(string name, string one, string two) =>
                new(name, ParquetBytes.Bytes, ParquetBytes.Page(2, ParquetBytes.Texts(one, two)), 2);
            using MemoryStream file = ParquetBytes.FileOf(
                2,
                [
                    ParquetBytes.Root(3), ParquetBytes.Leaf("prompt", ParquetBytes.Bytes, ParquetBytes.Required, converted: 0),
                    ParquetBytes.Leaf("completion", ParquetBytes.Bytes, ParquetBytes.Required, converted: 0),
                    ParquetBytes.Leaf("label", physical, ParquetBytes.Required, converted: decimals is null ? null : 5, scale: decimals),
                ],
                Texts("prompt", "p", "q"), Texts("completion", "c", "d"), new ChunkBytes(
                    "label", physical, ParquetBytes.Page(2, values), 2));
            return [.. Dataset.Open(folder.Write(file.ToArray(), $"labels-{physical}.parquet")).Labelled().Select(row => row.IsDesirable)];
        }
    }

    [Fact]
    public void A_pair_is_a_desirable_and_an_undesirable_row() => Assert.Equal(
        [new LabelledRow(0, "p", "a", true), new LabelledRow(0, "p", "b", false)],
        Dataset.Open(folder.Write("""{"prompt":"p","chosen":"a","rejected":"b","label":"which of them"}""")).Labelled());

    [Fact]
    public void To_imitate_there_are_the_desirable_responses_and_a_split_keeps_all()
    {
        string rows = """
            {"prompt":"p","completion":"a","label":false}
            {"prompt":"p","completion":"b","label":true}
            """;
        Dataset data = Dataset.Open(folder.Write(rows));
        SkipTally tally = new();
        Assert.Equal([new SftRow(1, "p", "b")], data.Examples(tally));
        Assert.Equal((2, 1), (tally.Read, tally.Skipped[SkipReason.Undesirable]));
        SplitSummary split = SplitFiles.Write(data, new PromptSplit([("all", 1.0)], 0), Path.GetDirectoryName(folder.InFolder("x"))!);
        Assert.Equal(2, split.Parts[0].Rows);
    }

    [Theory]
    [InlineData("{\"prompt\":\"p\",\"completion\":\"c\",\"label\":1}\n{\"prompt\":\"p\",\"completion\":\"c\",\"label\":2}",
        "rows.dat line 2, column label: expected true or false, or 1 or 0, found 2.")]
    [InlineData("{\"prompt\":\"p\",\"completion\":\"c\",\"label\":\"good\"}\n{\"prompt\":\"p\",\"completion\":\"c\",\"label\":true}",
        "rows.dat line 1, column label: expected true or false, or 1 or 0, found \"good\".")]
    [InlineData("{\"prompt\":\"p\",\"completion\":\"c\",\"kto_tag\":[true]}", "rows.dat line 1, column kto_tag: expected true or false, "
        + "or 1 or 0, found [true].")]
    [InlineData("{\"prompt\":\"p\",\"completion\":\"c\"}", "rows.dat: expected responses with labels (prompt, completion, and label")]
    public void Other_labels_are_refused_with_their_place(string rows, string message)
    {
        Dataset data = Dataset.Open(folder.Write(rows));
        string refusal = Assert.Throws<InvalidDataException>(() => data.Labelled().Count()).Message;
        Assert.StartsWith(message, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_called_label_that_says_something_else_leaves_sft_data_alone()
    {
        Dataset data = Dataset.Open(folder.Write("""{"prompt":"p","completion":"c","label":"sports"}"""));
        Assert.Equal([new SftRow(0, "p", "c")], data.Examples());
        string path = folder.Write("""{"prompt":"p","completion":"c","good":"yes"}""");
        Assert.Contains(
            "line 1, column good: expected true or false",
            Assert.Throws<InvalidDataException>(() => Dataset.Open(path, ColumnMap.Parse("label=good")).Labelled().Count()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_are_refused_where_they_are_needed_with_what_to_do() => Assert.Equal(
        "rows.dat: expected preference data (chosen and rejected), found unpaired data, on which `align --loss kto` trains: prompt and "
            + "completion as "
        + "strings; each response desirable or not by its label.",
        Assert.Throws<InvalidDataException>(
            () => Dataset.Open(folder.Write("""{"prompt":"p","completion":"c","label":true}""")).Preferences().Count()).Message);

    [Fact]
    public void Pairs_are_written_as_rows_with_labels()
    {
        Dataset data = Dataset.Open(folder.Write("""{"prompt":"p","chosen":"a","rejected":"b"}"""));
        using MemoryStream csv = new();
        Assert.Equal(2, Conversion.WriteUnpaired(data, DataFormat.Csv, csv));
        Assert.Equal("prompt,completion,label\np,a,true\np,b,false\n", System.Text.Encoding.UTF8.GetString(csv.ToArray()));
        Assert.Equal([true, false], Dataset.Open(folder.Write(csv.ToArray())).Labelled().Select(row => row.IsDesirable));
    }
}
