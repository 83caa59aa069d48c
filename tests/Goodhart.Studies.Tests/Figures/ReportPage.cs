using System.Xml;
using System.Xml.Linq;

namespace Goodhart.Studies.Tests.Figures;

/// <summary>A report as XML, which it is.</summary>
internal static class ReportPage
{
    public static XElement Of(string html)
    {
        using XmlReader reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader).Root!;
    }
}
