using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Goodhart.Report.Text;

/// <summary>Makes any text safe for XML and HTML, and writes trees as bytes that do not depend on the machine.</summary>
public static class XmlText
{
    private static readonly HashSet<string> VoidElements =
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

    /// <summary>Replaces characters that XML cannot hold (control characters, half surrogates: models can sample them) by U+FFFD.</summary>
    public static string Clean(string text)
    {
        // XML readers fold carriage returns into line feeds, HTML readers too: do it here, so that both see what was written.
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        StringBuilder clean = new StringBuilder(text.Length);
        for (int k = 0; k < text.Length; k++)
        {
            if (k + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[k + 1], text[k]))
            {
                clean.Append(text[k]).Append(text[++k]);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(text[k]) ? text[k] : '\uFFFD');
            }
        }

        return clean.ToString();
    }

    /// <summary>Cleans all text and attributes of a tree, in place.</summary>
    public static XElement Clean(XElement root)
    {
        foreach (XElement element in root.DescendantsAndSelf())
        {
            foreach (XAttribute? attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration))
            {
                attribute.Value = Clean(attribute.Value);
            }

            foreach (XText text in element.Nodes().OfType<XText>())
            {
                text.Value = Clean(text.Value);
            }
        }

        return root;
    }

    /// <summary>Writes the tree so that XML and HTML parsers read the same: only HTML's void elements are self-closing.</summary>
    public static string Write(XElement root)
    {
        foreach (XElement? element in root.DescendantsAndSelf().Where(e => e.Name.Namespace == XNamespace.None && e.IsEmpty))
        {
            if (!VoidElements.Contains(element.Name.LocalName))
            {
                element.Value = string.Empty;
            }
        }

        XmlWriterSettings settings = new XmlWriterSettings
        {
            OmitXmlDeclaration = true,
            Indent = false,
            NewLineHandling = NewLineHandling.None,
        };
        StringBuilder text = new StringBuilder();
        using (XmlWriter writer = XmlWriter.Create(text, settings))
        {
            root.WriteTo(writer);
        }

        return text.ToString();
    }
}
