using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Goodhart.Report.Html;
using Goodhart.Report.Svg;
using Goodhart.Studies.Trees;
using Xunit;

namespace Goodhart.Studies.Tests.Trees;

public sealed class TreeReportTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-tree").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Writes_page_results_curves_and_figures()
    {
        TreeResults results = SmallTree.Run(SmallTree.Settings with { Sensitivity = true, Betas = [0.1], Seeds = 3 });
        TreeReport.Of(results, "1.2.3").Write(folder);
        XElement page = XDocument.Parse(Read("report.html").Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)).Root!;
        Assert.Equal(["setting", "summary", "figures", "claims", "sensitivity"], page.Descendants("section")
            .Where(s => s.Parent!.Name == "main")
            .Select(s => s.Attribute("id")!.Value));
        string[] figures = ["figure6", "figure7", "figure7-tabular", "tree-mass", "figure9", "figure18"];
        Assert.Equal(
            figures, page.Descendants("div").Where(d => d.Attribute("class")?.Value == "figure").Select(d => d.Attribute("id")!.Value));
        Assert.All(figures, id =>
            Assert.True(File.Exists(Path.Combine(folder, "figures", id + ".svg"))
                && File.Exists(Path.Combine(folder, "figures", id + ".csv"))));

        using JsonDocument json = JsonDocument.Parse(Read("results.json"));
        Assert.Equal(24, json.RootElement.GetProperty("outOfDistribution").GetInt32());
        Assert.Equal("s1 a1 s3 a1 s9 a0 s∞", json.RootElement.GetProperty("preferences")[0].GetProperty("chosen").GetString());
        Assert.Equal(results.Runs.Count, json.RootElement.GetProperty("runs").GetArrayLength());

        string[] rows = Read("trajectories.csv").TrimEnd().Split('\n');
        Assert.Equal(1 + (results.Runs.Count * (results.Settings.Steps + 1)), rows.Length);
        string[] last = rows[^1].Split(',');
        Assert.Equal(7 + 27, last.Length);
        Assert.Equal(1, last.Skip(7).Sum(p => double.Parse(p, CultureInfo.InvariantCulture)), 1e-4);
    }

    [Fact]
    public void The_same_results_give_the_same_page()
    {
        TreeResults results = SmallTree.Run(SmallTree.Settings);
        TreeReport.Of(results, "1").Write(folder);
        string first = Read("report.html");
        TreeReport.Of(results, "1").Write(folder);
        Assert.Equal(first, Read("report.html"));
    }

    [Fact]
    public void The_drawing_s_edges_are_as_wide_as_their_probability()
    {
        TreeResults results = SmallTree.Run(SmallTree.Settings);
        FigureBlock six = TreeChapter.Figures(results)[0];
        XElement svg = FigureSvg.Render(six.Figure);
        XElement[] panels =
        [
            .. svg.Element(Svg + "g")!.Elements(Svg + "g").Where(g => g.Descendants().Any(d => d.Attribute("clip-path") is not null)),
        ];
        Assert.Equal(3, panels.Length);
        foreach (XElement panel in panels)
        {
            (double Width, double Weight)[] edges =
            [
                .. panel.Descendants(Svg + "path").Where(p => p.Element(Svg + "title") is not null).Select(p => (
                    double.Parse(p.Attribute("stroke-width")!.Value, CultureInfo.InvariantCulture),
                    double.Parse(p.Element(Svg + "title")!.Value, CultureInfo.InvariantCulture))),
            ];
            Assert.Equal(3 + 9 + 27, edges.Length);
            Assert.All(edges, edge => Assert.Equal(Math.Max(0.5, 11 * edge.Weight), edge.Width, 0.01));
            Assert.Equal(3, edges.Sum(edge => edge.Weight), 0.01);   // one per level
        }
    }

    [Fact]
    public void The_chapter_can_stand_in_another_report_and_large_trees_are_drawn_too()
    {
        TreeResults results = SmallTree.Run(SmallTree.Settings with
        {
            Depth = 5,
            Preferences = 9,
            Demonstrations = 5,
            Betas = [0.2],
            Losses = ["ipo"]
        });
        Assert.DoesNotContain(TreeChapter.Figures(results), block => block.Figure.Id == "figure6");
        string page = new HtmlDocument("Any", [], [.. TreeChapter.Sections(results)]).Render();
        Assert.Contains("243 trajectories", page, StringComparison.Ordinal);
        Assert.Contains("id=\"claim-tree-ood-grows\"", page, StringComparison.Ordinal);
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(folder, file));
}
