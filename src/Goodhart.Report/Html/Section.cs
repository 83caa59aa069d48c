using System.Xml.Linq;

namespace Goodhart.Report.Html;

/// <summary>A part of the page with an entry in the contents list.</summary>
/// <param name="Id">Anchor: unique in the document.</param>
/// <param name="Content">Elements; those that carry an id and a data-contents attribute are listed below the section.</param>
public sealed record Section(string Id, string Title, IReadOnlyList<XElement> Content)
{
    /// <summary>The attribute that puts an element with an id in the contents list, under its value.</summary>
    public const string ContentsAttribute = "data-contents";

    internal XElement Render() => new(
        "section", new XAttribute("id", Id), new XAttribute("aria-label", Title), Html.Heading(2, Id, Title), Content);

    internal XElement RenderContentsEntry()
    {
        List<XElement> inner = Content.Where(e => e.Attribute(ContentsAttribute) is not null)
            .Select(e => new XElement("li", Html.Link("#" + e.Attribute("id")!.Value, e.Attribute(ContentsAttribute)!.Value)))
            .ToList();
        return new XElement("li", Html.Link("#" + Id, Title), inner.Count > 0 ? new XElement("ol", inner) : null);
    }
}
