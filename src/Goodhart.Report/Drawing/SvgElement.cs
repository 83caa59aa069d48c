using System.Xml.Linq;

namespace Goodhart.Report.Drawing;

/// <summary>Builds SVG as a tree, so that text is escaped and tags are balanced by construction.</summary>
internal static class SvgElement
{
    public static XNamespace Namespace { get; } = "http://www.w3.org/2000/svg";

    public static XElement Create(string name, params object?[] content) => new(Namespace + name, content);

    public static XElement Path(PathText path, params (string Name, string Value)[] attributes)
    {
        XElement element = Create("path", new XAttribute("d", path.ToString()));
        foreach ((string? name, string? value) in attributes)
        {
            element.Add(new XAttribute(name, value));
        }

        return element;
    }

    public static XAttribute Number(string name, double value) => new(name, PathText.Format(value));

    public static XElement Label(string text, double x, double y, string anchor, params object?[] attributes) => Create(
        "text", Number("x", x), Number("y", y), new XAttribute("text-anchor", anchor), attributes,
            RichText.Parse(text));
}
