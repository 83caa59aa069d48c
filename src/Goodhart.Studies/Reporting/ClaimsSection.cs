using System.Xml.Linq;
using Goodhart.Report.Html;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>Each claim of the paper that the run can decide.</summary>
internal static class ClaimsSection
{
    public static Section? Build(StudyResults results)
    {
        if (results.Claims.Count == 0)
        {
            return null;
        }

        List<XElement> content =
            new List<XElement> { Html.Paragraph("Verdicts are computed from this run by the rule stated beside them; none is "
            + "written by hand.") };
        content.AddRange(ClaimTables.Kinds(results.Claims));
        return new Section("claims", "Claims", content);
    }
}
