using System.Xml.Linq;
using Goodhart.Report.Text;

namespace Goodhart.Report.Html;

/// <summary>One self-contained page: style inside, no script, and a policy that forbids every request.</summary>
/// <param name="Title">Of the window and of the page.</param>
/// <param name="Header">What stands below the title, before the first section.</param>
public sealed record HtmlDocument(string Title, IReadOnlyList<XElement> Header, IReadOnlyList<Section> Sections)
{
    private const string NoRequests = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    /// <summary>The page as text. It is both HTML and well-formed XML.</summary>
    /// <exception cref="ArgumentException">An id occurs twice.</exception>
    public string Render()
    {
        XElement html = new XElement("html", new XAttribute("lang", "en"), Head(), Body());
        RefuseEqualIds(html);
        return "<!DOCTYPE html>\n" + XmlText.Write(XmlText.Clean(html)) + "\n";
    }

    private static XElement Meta(string key, string name, string content) =>
        new("meta", new XAttribute(key, name), new XAttribute("content", content));

    private static void RefuseEqualIds(XElement html)
    {
        IGrouping<string, string>? twice = html.Descendants().Select(e => e.Attribute("id")?.Value).OfType<string>()
            .GroupBy(id => id).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            throw new ArgumentException($"Report: the id '{twice.Key}' occurs {twice.Count()} times; ids are anchors and must be unique.");
        }
    }

    private XElement Head() => new(
        "head",
        new XElement("meta", new XAttribute("charset", "utf-8")),
        Meta("name", "viewport", "width=device-width, initial-scale=1"),
        Meta("http-equiv", "Content-Security-Policy", NoRequests),
        new XElement("title", Title),
        new XElement("style", Stylesheet.Text));

    private XElement Body() => new(
        "body",
        Html.Element("a", "skip", new XAttribute("href", "#main"), "Skip to the report"),
        Html.Element("div", "page", Contents(),
            new XElement("main", new XAttribute("id", "main"), TitleBlock(), Sections.Select(s => s.Render()))));

    private XElement Contents() => Html.Element(
        "nav", "contents", new XAttribute("aria-label", "Contents"),
        Html.Element("p", "contents-title", new XAttribute("aria-hidden", "true"), "Contents"),
            new XElement("ol", Sections.Select(s => s.RenderContentsEntry())));

    private XElement TitleBlock() => Html.Element("header", "title", new XElement("h1", Title), Header);
}
