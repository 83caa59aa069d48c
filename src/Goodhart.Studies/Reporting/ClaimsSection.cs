using System.Xml.Linq;
using Goodhart.Evaluation.Claims;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>Each claim of the paper that the run can decide, grouped by kind: what was computed, by which rule, and the verdict.</summary>
internal static class ClaimsSection
{
    public static Section? Build(StudyResults results)
    {
        if (results.Claims.Count == 0)
        {
            return null;
        }

        var content = new List<XElement> { Html.Paragraph("Verdicts are computed from this run by the rule stated beside them; none is "
            + "written by hand.") };
        content.AddRange(results.Claims.GroupBy(c => c.Id.Split('/')[0]).SelectMany(Kind));
        return new Section("claims", "Claims", content);
    }

    /// <summary>A claim's id as an anchor: letters, digits and hyphens.</summary>
    public static string Anchor(string id) =>
        string.Concat(id.Split('/')[0].Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));

    private static IEnumerable<XElement> Kind(IGrouping<string, Claim> kind)
    {
        var id = "claim-" + Anchor(kind.Key);
        var rules = kind.Select(c => c.Rule).Distinct().ToList();
        var papers = kind.Select(c => c.Paper).Distinct().ToList();
        var table = new HtmlTable(
            $"Claims of the kind “{kind.Key}”",
            [TableColumn.Phrase("Group"), TableColumn.Text("Verdict"), TableColumn.Number("Value"), TableColumn.Number("Interval"),
                TableColumn.Text("Reading")],
            [.. kind.Select(Row)]);
        yield return new XElement(
            "section",
            new XAttribute("id", id),
            new XAttribute(Section.ContentsAttribute, kind.Key),
            Html.Heading(3, id, kind.Key),
            papers.Select(p => Html.Element("p", "paper", Html.Element("span", "label", "The paper: "), p)),
            table.Render(),
            Html.Element("p", "small muted", "Computed: ", string.Join("; ", kind.Select(c => c.Statistic).Distinct()), ". Rule: ",
                string.Join("; ", rules), "."));
    }

    private static TableRow Row(Claim claim)
    {
        var slash = claim.Id.IndexOf('/', StringComparison.Ordinal);
        return new TableRow(
        [
            slash < 0 ? claim.Id : claim.Id[(slash + 1)..],
            VerdictMark.Render(claim.Verdict),
            Value(claim.Value),
            claim.Interval is null ? Numbers.None : IntervalText.Of(claim.Interval, 3),
            claim.Reading,
        ]);
    }

    // Rates, shares and correlations with three decimals, so that a column of them lines up.
    private static string Value(double? value) =>
        value is { } v && Math.Abs(v) is >= 0.001 and < 10 or 0 ? Numbers.Fixed(value, 3) : Numbers.Significant(value);
}
