using System.Xml.Linq;
using Goodhart.Evaluation.Metrics;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>Section 3.4: figure 4, and the correlations behind it within and across sizes.</summary>
internal static class MetricsSection
{
    public static Section? Build(StudyResults results, IReadOnlyList<FigureBlock> figures)
    {
        if (figures.Count == 0 && results.Correlations.Count == 0)
        {
            return null;
        }

        List<MetricAnalysis> known = results.Correlations.Where(c => c.BySize.Count > 0).ToList();
        List<string> sizes = known.SelectMany(c => c.BySize.Keys).Distinct().ToList();
        HtmlTable table = new HtmlTable(
            "Pearson’s r of the statistic with the win rate over checkpoints; brackets: 95 % interval, bootstrap over runs. Within: over "
                + "all sizes, "
            + "each about its own mean. Pooled: sizes mixed.",
            [
                TableColumn.Phrase("Statistic, loss"), .. sizes.Select(s => TableColumn.Number(s)), TableColumn.Number("Within"),
                TableColumn.Number("Pooled"), TableColumn.Text("Simpson"),
            ],
            [.. known.Select(c => Row(c, sizes))]);
        return new Section(
            "metrics", "Accuracy and loss against the win rate",
            [
                .. figures.Select(f => f.Render()),
                .. known.Count == 0 ? (XElement[])[] : [table.Render(), Html.Element("p", "small muted", MetricAnalysis.Rule + ".")],
            ]);
    }

    private static TableRow Row(MetricAnalysis c, List<string> sizes) => new(
    [
        $"{c.Metric}, {LossNames.Display(c.Loss)}",
        .. sizes.Select(s => Cell(c.BySize.GetValueOrDefault(s))),
        Cell(c.Within),
        Cell(c.Pooled),
        c.Simpson switch
        {
            SimpsonVerdict.Reversed => "reversed",
            SimpsonVerdict.OnlyBetweenSizes => "only between sizes",
            SimpsonVerdict.HiddenByPooling => "hidden by pooling",
            SimpsonVerdict.None => "none",
            _ => Numbers.None,
        },
    ]);

    private static object?[] Cell(MetricCorrelation? r) => r is null
        ? [Numbers.None]
        :
        [
            Numbers.Fixed(r.Value, 2),
            r.Interval is null ? null : new[] { new XElement("br"), Html.Element("span", "muted", IntervalText.Of(r.Interval, 2)) },
        ];
}
