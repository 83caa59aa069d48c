using System.Xml.Linq;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Text;

namespace Goodhart.Report.Svg;

/// <summary>Draws a <see cref="Figure"/> as SVG. The same figure gives the same bytes on every machine.</summary>
public static class FigureSvg
{
    private const string Fonts = "'Source Sans 3','Segoe UI','Helvetica Neue','DejaVu Sans','Liberation Sans',Arial,sans-serif";

    /// <summary>The drawing as an element to place in a page; it takes its colours from the page's style.</summary>
    /// <exception cref="ArgumentException">The figure is inconsistent or holds a number that is not finite.</exception>
    public static XElement Render(Figure figure)
    {
        FigureCheck.Validate(figure);
        FigureLayout layout = FigureLayout.Of(figure);
        (string? title, string? description) = (figure.Id + "-title", figure.Id + "-desc");
        XElement svg = SvgElement.Create(
            "svg",
            new XAttribute("viewBox", $"0 0 {PathText.Format(layout.Width)} {PathText.Format(layout.Height)}"),
            SvgElement.Number("width", layout.Width),
            SvgElement.Number("height", layout.Height),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", $"{title} {description}"),
            new XAttribute("font-family", Fonts),
            SvgElement.Number("font-size", FigureLayout.FontSize),
            SvgElement.Create("title", new XAttribute("id", title), figure.Title),
            SvgElement.Create("desc", new XAttribute("id", description), figure.Description),
            Hidden(LegendSvg.Draw(layout), PanelSvg.DrawAll(figure, layout), AxisTitles.Draw(figure, layout)));
        return XmlText.Clean(svg);
    }

    /// <summary>The drawing as a file of its own: white background, light colours.</summary>
    public static string Standalone(Figure figure)
    {
        XElement svg = Render(figure);
        XElement background = SvgElement.Create(
            "rect", new XAttribute("width", "100%"), new XAttribute("height", "100%"), new XAttribute("fill", Palette.Paper.Light));
        svg.Elements(SvgElement.Namespace + "desc").First().AddAfterSelf(background);
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + XmlText.Write(svg) + "\n";
    }

    // Who cannot see the drawing has its name, its description and the table of its numbers; thousands of marks would be noise.
    private static XElement Hidden(params object?[] content) => SvgElement.Create("g", new XAttribute("aria-hidden", "true"), content);

    internal static XElement Group(Ink ink, params object?[] content) =>
        SvgElement.Create("g", new XAttribute("class", ink.Name), new XAttribute("color", ink.Light), content);
}
