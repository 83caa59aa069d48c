using Goodhart.Cli.Paper;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Cli.Tests.Paper;

/// <summary>Keeps docs/paper.md true.</summary>
public sealed class PaperMapTests
{
    // Appendix B in the paper's order; gradient clipping is the reference code's, β and losses are section 3.1's.
    private static readonly string[] HyperParameters =
    [
        "data set", "prompt format", "evaluation prompts", "temperature", "max length", "model sizes", "initial weights", "SFT", "losses",
        "β",
        "batch size", "gradient accumulation", "optimizer", "learning rate", "warm-up", "gradient clipping", "epochs", "checkpoints",
        "hardware", "judge",
    ];

    [Fact]
    public void Every_equation_figure_and_hyper_parameter_has_one_row() => Assert.Equal(
        [
            .. Enumerable.Range(1, 12).Select(n => $"Eq. ({n})"),
            .. Enumerable.Range(1, 18).Select(n => $"Figure {n}"),
            .. HyperParameters.Select(name => $"Appendix B: {name}"),
        ],
        PaperMap.Shipped.Rows.Select(row => row.Place).Where(place => IsCounted(place)));

    [Fact]
    public void Finds_the_rows_of_a_section() =>
        Assert.Equal(["Section 4: query matrix", "Section 4: null space"], PaperMap.Shipped.Find("section 4").Select(row => row.Place));

    [Theory]
    [InlineData("section 3.2")]
    [InlineData("sec. 3.2")]
    [InlineData("3.2")]
    public void Finds_the_claims_of_a_subsection(string asked)
    {
        IReadOnlyList<PaperRow> rows = PaperMap.Shipped.Find(asked);
        Assert.Contains("Section 3.2: accuracy of eq. 5", rows.Select(row => row.Place));
        Assert.All(rows, row => Assert.StartsWith("Section 3.2: ", row.Place, StringComparison.Ordinal));
        Assert.True(PaperMap.Shipped.Find("section 3").Count > rows.Count);
        Assert.Empty(PaperMap.Shipped.Find("eq. 3.2"));
    }

    [Fact]
    public void Every_named_file_exists()
    {
        string[] missing =
        [
            .. PaperMap.Shipped.Rows.SelectMany(row => row.Files.Concat(row.Tests))
                .Distinct().Where(file => !File.Exists(Repository.PathOf(file))),
        ];
        Assert.Empty(missing);
    }

    [Fact]
    public void Code_and_tests_are_in_their_columns()
    {
        Every.Of(PaperMap.Shipped.Rows.SelectMany(row => row.Files), file => Assert.Matches("^(src|studies)/", file));
        Every.Of(PaperMap.Shipped.Rows.SelectMany(row => row.Tests), file => Assert.Matches("^tests/", file));
    }

    [Fact]
    public void An_equation_that_the_code_cites_is_not_called_missing()
    {
        string[] cited =
        [
            .. Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
                .SelectMany(
                    file => System.Text.RegularExpressions.Regex.Matches(
                        File.ReadAllText(file), @"Eq\. \(\d+\)").Select(match => match.Value))
                .Distinct(),
        ];
        Assert.Contains("Eq. (4)", cited);
        Assert.All(cited, equation => Assert.NotEmpty(PaperMap.Shipped.Rows.Single(row => row.Place == equation).Files));
    }

    [Theory]
    [InlineData("eq. 4", "Eq. (4)")]
    [InlineData("Eq. (4)", "Eq. (4)")]
    [InlineData("equation 4", "Eq. (4)")]
    [InlineData("4", "Eq. (4)")]
    [InlineData("figure 1", "Figure 1")]
    [InlineData("fig1", "Figure 1")]
    [InlineData("Fig. 18", "Figure 18")]
    public void Finds_one_row(string asked, string place) => Assert.Equal(place, PaperMap.Shipped.Find(asked).Single().Place);

    [Theory]
    [InlineData("appendix B")]
    [InlineData("b")]
    public void Finds_an_appendix(string asked) => Assert.Equal(HyperParameters.Length, PaperMap.Shipped.Find(asked).Count);

    [Theory]
    [InlineData("13")]
    [InlineData("figure 19")]
    [InlineData("table 1")]
    [InlineData("")]
    public void Finds_nothing_that_is_not_there(string asked) => Assert.Empty(PaperMap.Shipped.Find(asked));

    [Fact]
    public void A_row_of_another_shape_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => PaperMap.Parse("| Eq. (1) | what | `a.cs` |"));
        Assert.Throws<InvalidDataException>(() => PaperMap.Parse("| Eq. (1) | what | a.cs | not yet |"));
    }

    /// <summary>Sections and the appendices without numbered items have as many rows as they need.</summary>
    private static bool IsCounted(string place) =>
        place.StartsWith("Appendix B", StringComparison.Ordinal)
        || !(place.StartsWith("Appendix", StringComparison.Ordinal) || place.StartsWith("Section", StringComparison.Ordinal));
}
