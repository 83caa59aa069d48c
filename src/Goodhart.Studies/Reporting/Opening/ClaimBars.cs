using System.Globalization;
using System.Xml.Linq;
using Goodhart.Evaluation.Claims;
using Goodhart.Report.Html;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting.Opening;

/// <summary>The paper's claims by section: a bar of verdicts each, and its kinds of claims folded below it.</summary>
internal static class ClaimBars
{
    private static readonly Verdict[] Order = [Verdict.Supported, Verdict.Contradicted, Verdict.Inconclusive];

    /// <summary>Nothing without claims.</summary>
    public static IEnumerable<XElement> Render(IReadOnlyList<Claim> claims)
    {
        if (claims.Count == 0)
        {
            yield break;
        }

        yield return Html.Element("h3", null, "The paper’s claims on this run");
        foreach ((string title, IReadOnlyList<Claim> own) in PaperSections.Of(claims))
        {
            yield return Html.Element("details", "claims", new XElement("summary",
                Html.Element("span", "claims-title", title), " ", Bar(own), " ", Html.Element("span", "claims-counts", Counts(own))),
                Kinds(title, own));
        }
    }

    private static XElement Bar(IReadOnlyList<Claim> claims) => Html.Element(
        "span", "bar", new XAttribute("aria-hidden", "true"),
        Order.Select(v => (Verdict: v, Count: claims.Count(c => c.Verdict == v))).Where(part => part.Count > 0).Select(part => Html.Element(
            "span", "part " + VerdictMark.Word(part.Verdict),
            new XAttribute("style", "flex-grow: " + part.Count.ToString(CultureInfo.InvariantCulture)))));

    private static string Counts(IReadOnlyList<Claim> claims) => string.Join(", ", Order
        .Select(v => (Verdict: v, Count: claims.Count(c => c.Verdict == v))).Where(part => part.Count > 0)
        .Select(part => part.Count.ToString(CultureInfo.InvariantCulture) + " " + VerdictMark.Word(part.Verdict)));

    private static XElement Kinds(string title, IReadOnlyList<Claim> claims) => new HtmlTable(
        $"{title}: claims by kind. Each is tested in the chapter “Claims”.",
        [TableColumn.Text("Kind"), TableColumn.Text("The paper says"), TableColumn.Number("Supported"),
            TableColumn.Number("Contradicted"), TableColumn.Number("Inconclusive")],
        [.. claims.GroupBy(c => c.Id.Split('/')[0]).Select(Row)]).Render();

    private static TableRow Row(IGrouping<string, Claim> kind)
    {
        object? Count(Verdict verdict)
        {
            int count = kind.Count(c => c.Verdict == verdict);
            return count == 0 ? Html.Element("span", "muted", "0")
                : Html.Element("span", VerdictMark.Word(verdict), $"{count} of {kind.Count()}");
        }

        return new TableRow([Html.Link("#claim-" + ClaimTables.Anchor(kind.Key), kind.Key), kind.First().Paper, .. Order.Select(Count)]);
    }
}
