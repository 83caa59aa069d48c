using System.Xml.Linq;

namespace Goodhart.Report.Html;

/// <summary>A part of the page with an entry in the contents list, which has no second level: it fits one screen.</summary>
/// <param name="Id">Anchor: unique in the document.</param>
public sealed record Section(string Id, string Title, IReadOnlyList<XElement> Content)
{
    internal XElement Render() => new(
        "section", new XAttribute("id", Id), new XAttribute("aria-label", Title), Html.Heading(2, Id, Title), Content);

    internal XElement RenderContentsEntry() => new("li", Html.Link("#" + Id, Title));
}
