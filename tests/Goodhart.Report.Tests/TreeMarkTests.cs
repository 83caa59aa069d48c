using System.Xml.Linq;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Svg;
using Xunit;

namespace Goodhart.Report.Tests;

public sealed class TreeMarkTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Edges_have_the_width_of_their_weight_and_nodes_their_names()
    {
        XElement svg = FigureSvg.Render(Blank(new TreeMark(
            Palette.Series(0), [new(0, 0, 1, 0, 1, "all"), new(0, 0, 1, 1, 0)], [new(0, 0, "s1"), new(1, 1, "leaf", AtEnd: true)])));
        Assert.Equal(["11", "0.5"], svg.Descendants(Svg + "path").Select(p => p.Attribute("stroke-width")?.Value).OfType<string>());
        Assert.Equal("all", svg.Descendants(Svg + "path").Single(p => p.Element(Svg + "title") is not null).Value);
        Assert.Equal(["start", "middle"], new[] { "leaf", "s1" }.Select(
            name => svg.Descendants(Svg + "text").Single(t => t.Value == name).Attribute("text-anchor")!.Value));
    }

    [Fact]
    public void Blank_axes_have_neither_frame_nor_ticks()
    {
        XElement svg = FigureSvg.Render(Blank(new TreeMark(Palette.Series(0), [new(0, 0, 1, 1, 0.5)], [])));
        Assert.Single(svg.Descendants(Svg + "rect"));   // the clip
        Assert.DoesNotContain(svg.Descendants(Svg + "text"), t => t.Value.Length > 0);
        Assert.NotEmpty(FigureSvg.Render(SmallFigure.With()).Descendants(Svg + "rect").Skip(1));
    }

    [Fact]
    public void A_weight_that_is_no_number_is_refused() =>
        Assert.Throws<ArgumentException>(() => FigureSvg.Render(Blank(new TreeMark(Palette.Series(0), [new(0, 0, 1, 1, double.NaN)], []))));

    private static Figure Blank(TreeMark mark) => SmallFigure.With() with
    {
        Columns = [new(string.Empty, new BlankAxis(0, 1))],
        Rows = [new(string.Empty, new BlankAxis(0, 1), [new Panel([mark])])],
    };
}
