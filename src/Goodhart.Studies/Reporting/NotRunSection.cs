using System.Xml.Linq;
using Goodhart.Report.Html;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>What a reader might expect and the study does not contain.</summary>
internal static class NotRunSection
{
    public static Section? Build(StudyResults results) => results.Study.NotRun.Count == 0
        ? null
        : new Section("not-run", "What was not run", [new XElement("ul", results.Study.NotRun.Select(n => new XElement("li", n)))]);
}
