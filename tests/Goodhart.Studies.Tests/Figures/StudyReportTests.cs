using System.Xml.Linq;
using Goodhart.Evaluation.Points;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Studies.Tests.Figures;

public sealed class StudyReportTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private readonly string directory = Path.Combine(Path.GetTempPath(), "goodhart-report-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void The_report_is_well_formed_and_makes_no_request()
    {
        string html = StudyReport.Render(GridStudy.Results);

        XElement page = ReportPage.Of(html);
        List<string> targets = page.Descendants().Attributes()
            .Where(a => a.Name.LocalName is "href" or "src" or "srcset" or "action" or "data")
            .Select(a => a.Value).ToList();
        Assert.Contains(targets, t => t.StartsWith("data:text/csv", StringComparison.Ordinal));
        Assert.All(targets, t =>
            Assert.True(t[0] == '#' || t.StartsWith("data:", StringComparison.Ordinal) || t.StartsWith("figures/",
                StringComparison.Ordinal), t));
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "link" or "img" or "iframe");
        Assert.DoesNotContain("http",
            html.Replace(Svg.NamespaceName, string.Empty, StringComparison.Ordinal).Replace("http-equiv", string.Empty,
                StringComparison.Ordinal));
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(h", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_link_within_the_page_has_its_target()
    {
        XElement page = ReportPage.Of(StudyReport.Render(GridStudy.Results));

        HashSet<string> ids = page.Descendants().Attributes("id").Select(a => a.Value).ToHashSet();
        List<string> links = page.Descendants().Attributes("href")
            .Select(a => a.Value).Where(h => h[0] == '#').Select(h => h[1..]).Distinct()
            .ToList();
        Assert.Contains("figure1", links);
        Assert.All(links, link => Assert.Contains(link, ids));
    }

    [Fact]
    public void Every_figure_has_name_description_caption_reading_claim_and_data()
    {
        List<XElement> figures = ReportPage.Of(StudyReport.Render(GridStudy.Results)).Descendants("figure").ToList();

        Assert.Equal(8, figures.Count);
        foreach (XElement? figure in figures)
        {
            XElement drawing = figure.Descendants(Svg + "svg").Single();
            string[] labels = drawing.Attribute("aria-labelledby")!.Value.Split(' ');
            Assert.Equal(labels[0], drawing.Element(Svg + "title")!.Attribute("id")!.Value);
            Assert.Equal(labels[1], drawing.Element(Svg + "desc")!.Attribute("id")!.Value);
            Assert.NotEmpty(drawing.Element(Svg + "title")!.Value);
            Assert.NotEmpty(drawing.Element(Svg + "desc")!.Value);
            Assert.Contains("This run:", figure.Element("figcaption")!.Value, StringComparison.Ordinal);
            Assert.Contains("The paper:", figure.Element("figcaption")!.Value, StringComparison.Ordinal);
            Assert.Contains(figure.Descendants("a"), a => a.Attribute("href")!.Value.StartsWith("data:text/csv", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Text_of_models_and_data_stays_text()
    {
        XElement page = ReportPage.Of(StudyReport.Render(GridStudy.Results));

        Assert.Empty(page.Descendants("b"));
        Assert.Contains(page.Descendants("p"), p =>
            p.Value == "a post with <script>alert('1')</script> & \"quotes\" and a control \uFFFD character");
        Assert.Contains(page.Descendants("p"), p => p.Value == "</p></section><b>bold</b>");
    }

    [Fact]
    public void Verdicts_are_words_not_only_colours()
    {
        List<XElement> verdicts = ReportPage.Of(StudyReport.Render(GridStudy.Results)).Descendants("span")
            .Where(s => s.Attribute("class")?.Value.StartsWith("verdict", StringComparison.Ordinal) == true).ToList();

        Assert.Equal(GridStudy.Results.Claims.Count, verdicts.Count);
        Assert.All(verdicts, v => Assert.Matches("^(✓ supported|✗ contradicted|○ inconclusive)$", v.Value));
    }

    [Fact]
    public void Bins_agree_with_the_table_of_the_reference_grid()
    {
        XElement section = ReportPage.Of(StudyReport.Render(GridStudy.Results))
            .Descendants("section").Single(s => s.Attribute("id")?.Value == "bins");
        List<string> rows = section.Descendants("tbody").Single().Elements("tr")
            .Select(r => string.Join('|', r.Elements().Select(c => c.Value)))
            .ToList();

        // Computed apart from this code, by the program that made the grid.
        Assert.Equal("S|0.331|0.370 (9)|0.416 (20)|0.470 (12)|0.486 (22)|0.484 (14)|0.463 (15)|0.421 (13)|–", rows[0]);
        Assert.EndsWith("0.481 (15)|0.522 (13)|0.523 (13)|0.515 (9)|0.429 (12)|0.415 (16)|0.276 (19)", rows[1], StringComparison.Ordinal);
        Assert.EndsWith("0.544 (18)|0.626 (16)|0.667 (19)|0.692 (5)|0.627 (12)|0.598 (9)|0.522 (18)", rows[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_results_give_the_same_bytes_and_nothing_else_lies_around()
    {
        StudyReport.Write(GridStudy.Results, directory);
        SortedDictionary<string, string> first = Files();
        StudyReport.Write(GridStudy.Results, directory);

        Assert.Equal(first, Files());
        string[] expected = ["figures/alarm-runs.csv", "figures/alarm-runs.svg",
            "figures/figure1.csv", "figures/figure1.svg", "figures/figure2.csv", "figures/figure2.svg",
            "figures/figure4-loss.csv", "figures/figure4-loss.svg", "figures/figure4.csv", "figures/figure4.svg",
            "figures/figure5.csv", "figures/figure5.svg",
            "figures/figure8-2.csv", "figures/figure8-2.svg",
            "figures/figure8.csv", "figures/figure8.svg", "report.html", "results.json"];
        Assert.Equal(expected, first.Keys);
        Assert.True(first["report.html"].Length < 5_000_000);
        Every.Of(first.Where(f => f.Key.EndsWith(".svg", StringComparison.Ordinal)), f => XDocument.Parse(f.Value));
        Assert.Equal(GridStudy.Results.Points.Count + 2, first["figures/figure1.csv"].Split('\n').Length);
    }

    private static readonly Dictionary<string, Func<CheckpointPoint, bool>> Parts = new()
    {
        ["one size"] = p => p.Model == "M",
        ["one loss"] = p => p.Loss is "" or "ipo",
        ["one run"] = p => p is { Model: "M", Loss: "dpo", Beta: 0.1 },
        ["one checkpoint"] = p => p is { Model: "M", Loss: "dpo", Beta: 0.1, Fraction: 1 },
        ["no SFT model"] = p => p.Loss.Length > 0,
        ["only SFT models"] = p => p.Loss.Length == 0,
        ["no final checkpoint yet"] = p => p.Fraction < 0.5,
        ["nothing"] = _ => false,
    };

    public static TheoryData<string> Partial => [.. Parts.Keys];

    [Theory]
    [MemberData(nameof(Partial))]
    public void A_partial_study_has_a_report(string what)
    {
        StudyResults results = GridStudy.Where(Parts[what]);
        Assert.Equal(what == "nothing", results.Points.Count == 0);

        XElement page = ReportPage.Of(StudyReport.Render(results));
        Assert.Single(page.Descendants("h1"));
        Assert.Equal(StudyFigures.Build(results).Count, page.Descendants("figure").Count());
        Assert.DoesNotContain("NaN", page.Value, StringComparison.Ordinal);
        XElement withoutFits = ReportPage.Of(StudyReport.Render(results with { Fits = [] }));
        Assert.DoesNotContain(withoutFits.Descendants("section"), s => s.Attribute("id")?.Value == "fits");
    }

    [Fact]
    public void Headings_are_in_order_and_every_part_can_be_linked_to()
    {
        XElement page = ReportPage.Of(StudyReport.Render(GridStudy.Results));

        List<int> levels = page.Descendants().Where(e => e.Name.LocalName is ['h', >= '1' and <= '6'])
            .Select(e => e.Name.LocalName[1] - '0').ToList();
        Assert.Equal(1, levels[0]);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.InRange(pair.Second, 2, pair.First + 1));
        Assert.Equal(["main"], page.Descendants("main").Select(m => m.Attribute("id")!.Value));
        Assert.Equal("#main", page.Descendants("a").First().Attribute("href")!.Value);

        HashSet<string> anchors = page.Descendants("a").Where(a => a.Attribute("class")?.Value == "anchor")
            .Select(a => a.Attribute("href")!.Value[1..]).ToHashSet();
        List<string> parts = page.Descendants("section").Concat(page.Descendants("div").Where(d => d.Attribute("class")?.Value == "figure"))
            .Select(p => p.Attribute("id")!.Value).ToList();
        Assert.True(parts.Count > 15);
        Assert.All(parts, part => Assert.Contains(part, anchors));
        Assert.All(GridStudy.Results.Claims, claim => Assert.Contains("claim-" + claim.Id.Replace('/', '-').ToLowerInvariant(), anchors));
    }

    [Fact]
    public void A_number_that_is_not_finite_is_refused()
    {
        CheckpointPoint nan = GridStudy.Results.Points[5] with { WinRate = double.NaN };
        StudyResults bad = GridStudy.Results with { Points = [.. GridStudy.Results.Points, nan] };

        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => StudyReport.Write(bad, directory)).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(directory, "report.html")));
    }

    private SortedDictionary<string, string> Files() => new(
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(f =>
            Path.GetRelativePath(directory, f), File.ReadAllText), StringComparer.Ordinal);
}
