using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Goodhart.Text.Audit;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Shapes;
using Xunit;

namespace Goodhart.Text.Tests.Datasets;

/// <summary>Every example of the guide on data shapes is read, and what the guide says of it comes of it.</summary>
public sealed partial class DataShapesGuideTests : IDisposable
{
    private readonly GoldenData folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Headings => [.. Examples().Keys];

    [Theory]
    [MemberData(nameof(Headings))]
    public void An_example_is_read_as_the_guide_says(string heading)
    {
        (string row, Dictionary<string, string> said) = Examples()[heading];
        string path = folder.Write(row);
        Dataset data = Dataset.OpenAny(path, RowReading.Plain);
        Dictionary<string, string> found = Found(data);
        found["prompt"] = Json(Dataset.OpenPrompts(path).Prompts().Single().Text);
        if (DatasetAuditor.Audit(data, new AuditOptions()).Unused is { Count: > 0 } unused)
        {
            found["not used"] = string.Join("`, `", unused);
        }

        Assert.Equal(said.OrderBy(pair => pair.Key), found.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void The_guide_has_an_example_of_every_shape() => Assert.Equal(
        typeof(DatasetShape).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(DatasetShape)) && !type.IsAbstract)
            .Select(type => type.Name).Except([nameof(AlpacaPairs), nameof(AlpacaPrompts)]).Order(),
        Examples().Values.Select(
            example => Dataset.OpenAny(folder.Write(example.Row), RowReading.Plain).Shape.GetType().Name).Distinct().Order());

    private static Dictionary<string, string> Found(Dataset data)
    {
        switch (data.Shape)
        {
            case PreferenceShape:
                PreferenceRow pair = data.Preferences().Single();
                return new() { ["chosen"] = Json(pair.Chosen), ["rejected"] = Json(pair.Rejected) };
            case LabelledExamples:
                LabelledRow labelled = data.Labelled().Single();
                return new() { ["completion"] = Json(labelled.Completion), ["label"] = labelled.IsDesirable ? "true" : "false" };
            case PromptShape:
                return [];
            default:
                return data.Examples().Select(row => new Dictionary<string, string> { ["completion"] = Json(row.Completion) })
                    .SingleOrDefault()
                    ?? [];
        }
    }

    private static readonly JsonSerializerOptions AsWritten = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string Json(string text) => JsonSerializer.Serialize(text, AsWritten);

    private static Dictionary<string, (string Row, Dictionary<string, string> Said)> Examples()
    {
        string guide = File.ReadAllText(Path.GetFullPath(Path.Combine(GoldenData.PathOf(""), "../../../docs/guides/data-shapes.md")));
        MatchCollection examples = Example().Matches(guide);
        Assert.Equal(guide.Split("```json").Length - 1, examples.Count);
        return examples.ToDictionary(
            example => example.Groups["heading"].Value,
            example => (example.Groups["row"].Value, example.Groups["line"].Captures.Select(line => line.Value.Split(" | ", 2))
                .ToDictionary(sides => sides[0], sides => sides[1].Trim('`'))));
    }

    [GeneratedRegex(
        @"### (?<heading>[^\n]+)\n\n```json\n(?<row>[^\n]+)\n```\n\n\| What comes of it \| \|\n\|---\|---\|\n(\| (?<line>[^\n]+) \|\n)+")]
    private static partial Regex Example();
}
