using Goodhart.Evaluation.Remedies;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>The league at equal labels, and at equal training compute: a remedy that samples or trains more can have one of the two
/// equal.</summary>
internal static class RemedyBudgetTables
{
    public static IEnumerable<HtmlTable> Of(StudyResults results) => results.RemedyBudgets.GroupBy(row => row.Kind).Select(Build);

    private static HtmlTable Build(IGrouping<SpentKind, RemedyBudgetRow> rows)
    {
        double[] shares = [.. rows.Select(row => row.Share).Distinct().Order()];
        return new HtmlTable(
            (rows.Key == SpentKind.Labels
                ? "At equal labels: each method with no more preference labels than a part of those that the loss by itself has. "
                : "At equal training compute: each method with no more floating-point operations (training, reference scores and sampled "
                    + "pairs, by the plan’s estimate) than a part of what the loss by itself takes. ")
            + "Win rate of the best checkpoint within the budget over all β, the SFT model among them, chosen on every other prompt and "
            + "read on the rest; in brackets the difference from the loss by itself, as above.",
            [TableColumn.Phrase("Model, loss"), .. shares.Select(share => TableColumn.Number($"{Numbers.Percent(share)} of it"))],
            [
                .. rows.GroupBy(row => (row.Model, row.Loss, row.Remedies, row.Against)).Select(method => new TableRow(
                    [
                        RemediesSection.Name(method.Key.Model, method.Key.Loss, method.Key.Remedies),
                        .. shares.Select(share => method.FirstOrDefault(row => row.Share == share) is { } row
                            ? RemediesSection.Text(row.WinRate)
                            : Numbers.None),
                    ],
                    method.Key.Remedies.Length == 0 && method.Key.Against is null)),
            ]);
    }
}
