using Goodhart.Text.Audit;
using Goodhart.Text.Datasets;
using Xunit;

namespace Goodhart.Text.Tests.Datasets;

/// <summary>Margins as people's files have them: judged where a loss needs them, told elsewhere.</summary>
public sealed class BadMarginTests : IDisposable
{
    private readonly GoldenData folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"prompt":"p","chosen":"a","rejected":"b","margin":"wide"}""", "column margin: expected a number, found \"wide\"")]
    [InlineData(
        """{"prompt":"p","chosen":"a","rejected":"b","margin":NaN}""", "column margin: expected a number, found NaN or an infinity")]
    [InlineData("""{"prompt":"p","chosen":"a","rejected":"b","margin":true}""", "column margin: expected a number, found true")]
    public void A_margin_that_cannot_be_used_is_refused_where_it_is_needed(string row, string message)
    {
        Dataset data = Dataset.Open(folder.Write(row));
        Assert.Single(data.Preferences());
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => data.HaveMargins()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_margin_that_cannot_be_used_is_a_bad_row_where_it_is_needed_and_told_elsewhere()
    {
        string row = """{"prompt":"p","chosen":"a","rejected":"b","margin":1}""";
        string path = folder.Write(
            string.Join(
                "\n",
                [row, row.Replace("1}", "NaN}", StringComparison.Ordinal), row, row.Replace("1}", "\"high\"}", StringComparison.Ordinal)]));
        RowReading half = new() { MaxBadRows = 0.5, NeedsMargins = true };
        SkipTally tally = new();
        Dataset data = Dataset.Open(path, half);
        Assert.True(data.HaveMargins());
        Assert.Equal([0, 2], data.Preferences(tally).Select(pair => pair.Id));
        Assert.Equal(["rows.dat line 2", "rows.dat line 4"], tally.Bad.Select(bad => bad.First));
        Assert.Contains(
            "2 of 4 rows are bad",
            Assert.Throws<InvalidDataException>(() => Dataset.Open(path, half with { MaxBadRows = 0.4 })).Message,
            StringComparison.Ordinal);

        DatasetAudit audit = DatasetAuditor.Audit(Dataset.Open(path), new AuditOptions());
        Assert.Equal((4, 0), (audit.Used, audit.BadRows.Count));
        Assert.Equal([(1, "rows.dat line 2"), (1, "rows.dat line 4")], audit.BadMargins.Select(bad => (bad.Count, bad.First)));
        Assert.StartsWith("column margin: expected a number, found \"high\"", audit.BadMargins[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_decimals_that_DuckDB_writes_are_margins()
    {
        Dataset data = Dataset.Open(GoldenData.PathOf("duckdb/ps_decimal.parquet"));
        Assert.True(data.HaveMargins());
        Assert.All(data.Preferences(), row => Assert.Equal(1.25, row.Margin));
        Assert.Equal(12, data.Preferences().Count());
    }

    [Fact]
    public void The_NaN_that_DuckDB_writes_matters_only_as_a_margin()
    {
        string path = GoldenData.PathOf("duckdb/nan_score.parquet");
        Assert.Equal(12, Dataset.Open(path).Preferences().Count());
        string refusal = Assert.Throws<InvalidDataException>(
            () => Dataset.Open(path, ColumnMap.Parse("margin=score_chosen")).HaveMargins()).Message;
        Assert.Equal(
            "nan_score.parquet row 12, column score_chosen: expected a number, found NaN; --columns margin= leaves the column out.",
            refusal);
    }
}
