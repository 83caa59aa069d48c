using System.Xml.Linq;
using Goodhart.Evaluation.Claims;
using Goodhart.Report.Html;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>The result in a few lines, all computed: figure 1's reading and the verdicts, counted by kind of claim.</summary>
internal static class SummarySection
{
    public static Section Build(StudyResults results)
    {
        List<IGrouping<string, Claim>> kinds = results.Claims.GroupBy(c => c.Id.Split('/')[0]).ToList();
        HtmlTable table = new HtmlTable(
            "The paper’s claims on this run, by kind; each is tested in the claims table below.",
            [TableColumn.Text("Kind"), TableColumn.Text("The paper says"), TableColumn.Number("Supported"),
                TableColumn.Number("Contradicted"), TableColumn.Number("Inconclusive")],
            [.. kinds.Select(Row)]);
        XElement reading = Html.Paragraph(OverOptimizationReading.Of(results, new StudyOrder(results)));
        return new Section("summary", "Summary", kinds.Count > 0 ? [reading, table.Render()] : [reading]);
    }

    private static TableRow Row(IGrouping<string, Claim> kind)
    {
        object? Count(Verdict verdict)
        {
            int count = kind.Count(c => c.Verdict == verdict);
            return count == 0 ? Html.Element("span", "muted", "0")
                : Html.Element("span", VerdictMark.Word(verdict), $"{count} of {kind.Count()}");
        }

        return new TableRow(
        [
            Html.Link("#claim-" + ClaimTables.Anchor(kind.First().Id), kind.Key), kind.First().Paper,
            Count(Verdict.Supported), Count(Verdict.Contradicted), Count(Verdict.Inconclusive),
        ]);
    }
}
