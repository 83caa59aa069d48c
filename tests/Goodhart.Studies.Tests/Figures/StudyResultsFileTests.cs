using System.Text.Json;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Xunit;

namespace Goodhart.Studies.Tests.Figures;

public sealed class StudyResultsFileTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), "goodhart-results-" + Guid.NewGuid().ToString("N") + ".json");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void What_is_written_is_read_back_whole()
    {
        StudyResultsFile.Write(GridStudy.Results, path);
        string written = File.ReadAllText(path);

        StudyResults read = StudyResultsFile.Read(path);
        StudyResultsFile.Write(read, path);

        Assert.Equal(written, File.ReadAllText(path));
        Assert.Equal(GridStudy.Results.Points, read.Points);
        Assert.Equal(GridStudy.Results.Claims, read.Claims);
        Assert.Equal(GridStudy.Results.Cost.Steps, read.Cost.Steps);
    }

    [Fact]
    public void Names_are_camel_case_and_verdicts_lower_case_words()
    {
        StudyResultsFile.Write(GridStudy.Results, path);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));

        Assert.Equal(StudyResults.CurrentSchemaVersion, json.RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.Equal("supported", json.RootElement.GetProperty("claims")[0].GetProperty("verdict").GetString());
        JsonElement point = json.RootElement.GetProperty("points")[1];
        Assert.Equal("dpo", point.GetProperty("loss").GetString());
        Assert.Equal(Math.Sqrt(point.GetProperty("kl").GetDouble()), point.GetProperty("sqrtKl").GetDouble());
    }

    [Theory]
    [InlineData("""{"schemaVersion": 99}""", "expected schemaVersion 1, found 99")]
    [InlineData("""{"points": []}""", "schemaVersion")]
    [InlineData("""{"schemaVersion": "one"}""", "schemaVersion")]
    [InlineData("""[1, 2]""", "schemaVersion")]
    [InlineData("""{"schemaVersion": 1, "study": null}""", "not a results.json")]
    [InlineData("""{"schemaVersion": 1""", "not a results.json")]
    public void Another_file_is_refused_with_its_name(string text, string message)
    {
        File.WriteAllText(path, text);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => StudyResultsFile.Read(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
