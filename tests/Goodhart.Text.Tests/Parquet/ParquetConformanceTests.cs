using System.Text.Json.Nodes;
using Goodhart.Text.Parquet;
using Xunit;

namespace Goodhart.Text.Tests.Parquet;

public sealed class ParquetConformanceTests
{
    public static TheoryData<string> Files => [.. GoldenParquet.Manifest().Select(entry => (string)entry!["file"]!)];

    [Fact]
    public void There_are_44_files() => Assert.Equal(44, Files.Count);

    [Theory]
    [MemberData(nameof(Files))]
    public void Gives_exactly_the_rows(string file)
    {
        JsonNode entry = Entry(file);
        string[] expected = File.ReadAllLines(GoldenParquet.PathOf((string)entry["rows"]!));
        using ParquetFile parquet = ParquetFile.Open(GoldenParquet.PathOf(file));

        Assert.Equal((long)entry["num_rows"]!, parquet.RowCount);
        Assert.Equal((int)entry["row_groups"]!, parquet.RowGroupCount);
        Assert.Equal((string)entry["created_by"]!, parquet.CreatedBy);
        Assert.Equal((bool)entry["has_huggingface_metadata"]!, parquet.KeyValues.ContainsKey("huggingface"));
        int read = 0;
        foreach (ParquetRow row in parquet.ReadRows())
        {
            // Text for text, so that the order of fields and 1.0 against 1 count too.
            Assert.Equal(JsonNode.Parse(expected[read])!.ToJsonString(), row.Values.ToJsonString());
            Assert.Equal(++read, row.Number);
        }

        Assert.Equal(expected.Length, read);
    }

    [Theory]
    [InlineData("duckdb_many_rowgroups_zstd.parquet")]
    [InlineData("arrowrs_many_pages_snappy.parquet")]
    public void Only_the_columns_asked_for_are_read(string file)
    {
        using ParquetFile parquet = ParquetFile.Open(GoldenParquet.PathOf(file));

        ParquetRow last = parquet.ReadRows(["rejected", "prompt"]).Last();

        Assert.Equal(["prompt", "rejected"], last.Values.Select(value => value.Key));
        Assert.Equal(parquet.RowCount, last.Number);
        Assert.Equal(parquet.RowGroupCount - 1, last.RowGroup);
    }

    [Fact]
    public void Tells_the_schema_of_conversations()
    {
        using ParquetFile parquet = ParquetFile.Open(GoldenParquet.PathOf("duckdb_conversations_snappy.parquet"));

        Assert.Equal(
            [
                "prompt: text?",
                "chosen: list<struct<role: text?, content: text?>>?",
                "rejected: list<struct<role: text?, content: text?>>?",
                "score_chosen: number?",
                "idx: integer?",
                "flag: boolean?",
            ],
            parquet.Columns.Select(column => column.ToString()));
        Assert.Equal(1.5, (double)parquet.ReadRows().First().Values["score_chosen"]!);
        Assert.Equal(0L, (long)parquet.ReadRows(["idx"]).First().Values["idx"]!);
    }

    [Fact]
    public void A_missing_column_is_named_with_those_there_are()
    {
        using ParquetFile parquet = ParquetFile.Open(GoldenParquet.PathOf("duckdb_empty.parquet"));

        string message = Assert.Throws<ArgumentException>(() => parquet.ReadRows(["answer"])).Message;

        Assert.Contains("there is no column 'answer'; the file has prompt: text?, chosen: text?", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => parquet.ReadRows([]));
    }

    private static JsonNode Entry(string file) => GoldenParquet.Manifest().Single(entry => (string)entry!["file"]! == file)!;
}
