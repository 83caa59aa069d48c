using System.Xml.Linq;

namespace Goodhart.Report.Html;

/// <summary>Builds HTML as a tree: what is text stays text, whatever characters it holds.</summary>
public static class Html
{
    /// <param name="css">Class names; null for none.</param>
    /// <param name="content">Text, elements, attributes, or sequences of them.</param>
    public static XElement Element(string name, string? css, params object?[] content) =>
        new(name, css is null ? null : new XAttribute("class", css), content);

    public static XElement Paragraph(params object?[] content) => Element("p", null, content);

    public static XElement Link(string target, string text) => new("a", new XAttribute("href", target), text);

    /// <summary>A heading that can be linked to: its parent carries the id. Its name is the text alone, without that of the link.</summary>
    public static XElement Heading(int level, string id, string text) => new(
        "h" + (char)('0' + level),
        new XAttribute("aria-label", text),
        text,
        Anchor(id, text));

    /// <summary>A sign to link to an element by; it shows when the pointer or the keyboard is there.</summary>
    /// <param name="id">Of the element.</param>
    /// <param name="name">What the element is, for who cannot see it.</param>
    public static XElement Anchor(string id, string name) => Element(
        "a", "anchor", new XAttribute("href", "#" + id), new XAttribute("aria-label", "Link to " + name), "#");

    /// <summary>Terms and their values, one pair a line.</summary>
    public static XElement Facts(IEnumerable<(string Term, object? Value)> facts) => Element(
        "dl", "facts", facts.Select(f => new[] { new XElement("dt", f.Term), new XElement("dd", f.Value) }));
}
