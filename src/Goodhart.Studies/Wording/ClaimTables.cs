using System.Xml.Linq;
using Goodhart.Evaluation.Claims;
using Goodhart.Report.Html;
using Goodhart.Report.Text;

namespace Goodhart.Studies.Wording;

/// <summary>Claims grouped by kind: what was computed, by which rule, and the verdict.</summary>
internal static class ClaimTables
{
    /// <summary>A part for each kind of claim, with an entry in the contents and a link to every claim.</summary>
    public static IEnumerable<XElement> Kinds(IEnumerable<Claim> claims) => claims.GroupBy(c => c.Id.Split('/')[0]).Select(Kind);

    /// <summary>The kind of a claim as an anchor: letters, digits and hyphens.</summary>
    public static string Anchor(string id) => Letters(id.Split('/')[0]);

    /// <summary>A name as part of an id: letters, digits and hyphens.</summary>
    private static string Letters(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));

    private static XElement Kind(IGrouping<string, Claim> kind)
    {
        string id = "claim-" + Anchor(kind.Key);
        List<string> rules = kind.Select(c => c.Rule).Distinct().ToList();
        List<string> papers = kind.Select(c => c.Paper).Distinct().ToList();
        HtmlTable table = new HtmlTable(
            $"Claims of the kind “{kind.Key}”",
            [TableColumn.Phrase("Group"), TableColumn.Text("Verdict"), TableColumn.Number("Value"), TableColumn.Number("Interval"),
                TableColumn.Text("Reading")],
            [.. kind.Select(Row)]);
        return new XElement(
            "section",
            new XAttribute("id", id),
            Html.Heading(3, id, kind.Key),
            papers.Select(p => Html.Element("p", "paper", Html.Element("span", "label", "The paper: "), p)),
            table.Render(),
            Computed(kind, rules));
    }

    // Many statistics in one sentence cannot be told apart: they are listed, claim by claim.
    private static XElement[] Computed(IGrouping<string, Claim> kind, List<string> rules)
    {
        List<IGrouping<string, Claim>> statistics = kind.GroupBy(c => c.Statistic).ToList();
        string rule = $"Rule: {string.Join("; or ", rules)}.";
        return statistics.Count <= 2
            ? [Html.Element("p", "small muted", $"Computed: {string.Join("; ", statistics.Select(s => s.Key))}. {rule}")]
            :
            [
                Html.Element("p", "small muted", rule),
                new XElement(
                    "details",
                    new XElement("summary", "What is computed, claim by claim"),
                    new XElement("ul", statistics.Select(s => new XElement("li", $"{string.Join(", ", s.Select(Group))}: {s.Key}")))),
            ];
    }

    private static string Group(Claim claim) => claim.Id[(claim.Id.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static TableRow Row(Claim claim)
    {
        // A kind that is one claim has the kind's own anchor.
        bool alone = !claim.Id.Contains('/', StringComparison.Ordinal);
        return new TableRow(
            [
                Group(claim),
                VerdictMark.Render(claim.Verdict),
                Value(claim.Value),
                claim.Interval is null ? Numbers.None : IntervalText.Of(claim.Interval, 3),
                claim.Reading,
            ],
            Id: alone ? null : "claim-" + Letters(claim.Id));
    }

    // Rates, shares and correlations with three decimals, so that a column of them lines up.
    private static string Value(double? value) =>
        value is { } v && Math.Abs(v) is >= 0.001 and < 10 or 0 ? Numbers.Fixed(value, 3) : Numbers.Significant(value);
}
