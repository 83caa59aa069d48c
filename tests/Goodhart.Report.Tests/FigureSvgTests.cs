using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Svg;
using Xunit;

namespace Goodhart.Report.Tests;

public class FigureSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void The_drawing_is_the_golden_one_byte_for_byte_in_any_culture()
    {
        string golden = File.ReadAllText(Path.Combine(RepositoryRoot(), "tests", "golden", "report", "small-figure.svg"));
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(golden, FigureSvg.Standalone(SmallFigure.Build()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Names_and_notes_are_escaped_and_the_drawing_is_named()
    {
        XElement svg = XDocument.Parse(FigureSvg.Standalone(SmallFigure.Build())).Root!;

        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.Equal("Title & \"more\"", svg.Element(Svg + "title")!.Value);
        Assert.Equal("One of everything", svg.Element(Svg + "desc")!.Value);
        Assert.Contains(svg.Descendants(Svg + "title"), t => t.Value == "first <&>");
        Assert.Contains(svg.Descendants(Svg + "text"), t => t.Value == "A < B");
        Assert.Contains(svg.Descendants(Svg + "text"), t => t.Value == "√KL(π‖πref)" && t.Element(Svg + "tspan")!.Value == "ref");
    }

    [Fact]
    public void Every_mark_lies_in_a_clip_of_its_panel()
    {
        XElement svg = FigureSvg.Render(SmallFigure.Build());

        Dictionary<string, XElement> clips = svg.Descendants(Svg + "clipPath")
            .ToDictionary(c => $"url(#{c.Attribute("id")!.Value})", c => c.Element(Svg + "rect")!);
        List<XElement> groups = svg.Descendants(Svg + "g").Where(g => g.Attribute("clip-path") is not null).ToList();
        Assert.Equal(2, groups.Count);
        Assert.All(groups, g => Assert.Contains(g.Attribute("clip-path")!.Value, clips.Keys));
        Assert.Equal(2, clips.Values.Select(r => r.Attribute("x")!.Value).Distinct().Count());
        Assert.NotEmpty(groups[0].Descendants(Svg + "circle"));
        XElement[] unclipped =
        [
            .. svg.Descendants(Svg + "circle").Where(c => c.Ancestors(Svg + "g").All(g => g.Attribute("clip-path") is null)),
        ];
        Assert.NotEmpty(unclipped);
        Assert.All(unclipped, c => Assert.Equal("0", c.Attribute("cx")!.Value));
    }

    [Fact]
    public void Shared_labels_are_drawn_once()
    {
        Figure panel = SmallFigure.Build();
        Figure two = panel with { Rows = [panel.Rows[0], panel.Rows[0]], Columns = [panel.Columns[0], panel.Columns[0]] };

        List<string> texts = FigureSvg.Render(two).Descendants(Svg + "text").Select(t => t.Value).ToList();
        Assert.Single(texts, "win rate");
        Assert.Single(texts, "√KL(π‖πref)");
        Assert.Equal(2, texts.Count(t => t == "2.0"));
        Assert.Equal(4, texts.Count(t => t == "0.8")); // two columns and two rows
    }

    [Fact]
    public void Empty_and_single_series_are_drawn()
    {
        Ink ink = Palette.Series(0);
        Mark[] marks =
        [
            new PointMark(ink, MarkerShape.Square, 3, true, []), new LineMark(ink, null, []), new DottedCurve(ink, []),
                new BandMark(ink, []),
            new PointMark(ink, MarkerShape.Diamond, 3, true, [new(0.5, 0.5)]), new LineMark(ink, null, [new(0.5, 0.5)]),
                new DottedCurve(ink, [new(0.5, 0.5)]),
            new BandMark(ink, [new(0.5, 0.4, 0.6)]),
        ];

        XElement svg = FigureSvg.Render(SmallFigure.With(marks));

        Assert.Single(svg.Descendants(Svg + "circle"));
        Assert.DoesNotContain(svg.Descendants(Svg + "path"), p => p.Attribute("d")!.Value.Length == 0);
    }

    [Theory]
    [InlineData(MarkerShape.Circle)]
    [InlineData(MarkerShape.Square)]
    [InlineData(MarkerShape.Triangle)]
    [InlineData(MarkerShape.Diamond)]
    [InlineData(MarkerShape.TriangleDown)]
    [InlineData(MarkerShape.Cross)]
    [InlineData(MarkerShape.Pentagon)]
    [InlineData(MarkerShape.Star)]
    public void Each_marker_has_an_outline_of_its_own(MarkerShape shape)
    {
        Dictionary<MarkerShape, string> outlines = Enum.GetValues<MarkerShape>().ToDictionary(s => s, s => Outline(s));

        Assert.Single(outlines.Values, outlines[shape]);
    }

    [Fact]
    public void A_value_far_outside_stays_a_small_number()
    {
        XElement svg = FigureSvg.Render(
            SmallFigure.With(new DottedCurve(Palette.Series(0), [new(0, 0), new(1, 1e300), new(-1e300, -1e300)])));

        List<double> numbers = svg.Descendants(Svg + "path").SelectMany(p => Regex.Matches(p.Attribute("d")!.Value, @"-?[0-9]*\.?[0-9]+"))
            .Select(n => double.Parse(n.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.All(numbers, n => Assert.InRange(n, -5000, 5000));
    }

    [Fact]
    public void Figures_that_lie_are_refused()
    {
        Figure nan = SmallFigure.With(new PointMark(Palette.Series(0), MarkerShape.Circle, 3, false, [new(0.1, 0.2, double.NaN, 0.3)]));
        ArgumentException error = Assert.Throws<ArgumentException>(() => FigureSvg.Render(nan));
        Assert.Contains("Figure one, row 0, column 0, mark 0", error.Message, StringComparison.Ordinal);

        Figure figure = SmallFigure.Build();
        Assert.Throws<ArgumentException>(() => FigureSvg.Render(figure with { Columns = [figure.Columns[0]] }));
        Assert.Throws<ArgumentException>(() => FigureSvg.Render(figure with { Rows = [] }));
        Assert.Throws<ArgumentException>(() => FigureSvg.Render(figure with { Id = "a\" onload=\"x" }));
    }

    private static string Outline(MarkerShape shape)
    {
        XElement svg = FigureSvg.Render(SmallFigure.With(new PointMark(Palette.Series(0), shape, 3, false, [new(0.5, 0.5)])));
        return svg.Descendants(Svg + "g").Single(g => g.Attribute("clip-path") is not null).Descendants().Last().ToString();
    }

    private static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Goodhart.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("Expected Goodhart.slnx in a folder above the tests.");
    }
}
