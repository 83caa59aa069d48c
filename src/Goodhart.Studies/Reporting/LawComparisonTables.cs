using System.Xml.Linq;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Fits.Comparison;
using Goodhart.Evaluation.Fits.Pooling;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>Eq. (5) against its rivals by error and likelihood, and over sizes.</summary>
internal static class LawComparisonTables
{
    public static IEnumerable<XElement> Build(StudyResults results)
    {
        List<LawComparison> whole = results.Comparisons.Where(
            c => c.Errors.Count > 0 && c.Scope is "all" or LawComparison.BoundedScope).ToList();
        if (whole.Count > 0)
        {
            yield return Comparisons(
                "Eq. (5) against its rivals, all groups, each with coefficients of its own. “Bounded” leaves out far points. A "
                    + "ratio below "
                + "1 speaks for Eq. (5); brackets: 95 %, bootstrap over runs. Vuong: t above 0 speaks for Eq. (5).", whole);
            List<LawComparison> groups = results.Comparisons.Where(c => c.Errors.Count > 0).Except(whole).ToList();
            if (groups.Count > 0)
            {
                yield return new XElement(
                    "details",
                    new XElement("summary", $"Group by group ({Words.Count(groups.Count, "comparison")})"),
                    Comparisons("Eq. (5) against its rivals, group by group", groups));
            }
        }

        if (results.PooledFits.Count > 0)
        {
            yield return Pooled(results.PooledFits);
        }
    }

    private static XElement Comparisons(string caption, IReadOnlyList<LawComparison> comparisons) => new HtmlTable(
        caption,
        [
            TableColumn.Phrase("Scope"), TableColumn.Phrase("Intercept"), TableColumn.Phrase("Rival"), TableColumn.Phrase("Errors"),
            TableColumn.Number("Eq. (5)"),
            TableColumn.Number("Rival"), TableColumn.Number("Ratio"), TableColumn.Number("p"), TableColumn.Number("Vuong t (p)"),
        ],
        [.. comparisons.SelectMany(c => c.Errors.Select((e, k) => Row(c, e, k)))]).Render();

    private static TableRow Row(LawComparison c, ErrorComparison e, int place) => new(
        [
            c.Scope == LawComparison.BoundedScope ? "all, bounded" : c.Scope,
            c.Intercept == "sft" ? "SFT" : c.Intercept,
            FitsSection.Shown(c.Rival),
            e.Errors,
            Numbers.Fixed(e.Rmse, 4),
            Numbers.Fixed(e.RivalRmse, 4),
            $"{Numbers.Fixed(e.Ratio, 2)} {IntervalText.Of(e.Interval, 2)}",
            P(e.P),
            place == 0 && c.Vuong is { } v ? $"{Numbers.Fixed(v.T, 1)} ({P(v.P)})" : string.Empty,
        ],
        place == 0);

    private static XElement Pooled(IReadOnlyList<PooledFit> fits) => new HtmlTable(
        "Eq. (5) over sizes: what α and β share. Held-out β: each β of all sizes predicted from the others. F against shared "
            + "coefficients, its p by wild "
        + "bootstrap over runs, whose checkpoints err together. Coefficients with 95 % intervals over prompts and seeds.",
        [
            TableColumn.Phrase("Loss"), TableColumn.Phrase("Sharing"), TableColumn.Text("Coefficients"), TableColumn.Number("RMSE"),
            TableColumn.Number("RMSE, held-out β"),
            TableColumn.Number("AIC"), TableColumn.Number("BIC"), TableColumn.Number("F (p)"),
        ],
        [.. fits.Select((f, k) => new TableRow(
            [
                LossNames.Display(f.Loss), f.Sharing, string.Join(", ", f.Coefficients.Select(Coefficient)), Numbers.Fixed(f.Rmse, 4),
                Numbers.Fixed(f.RmseHeldOutBeta, 4),
                Numbers.Fixed(f.Aic, 1), Numbers.Fixed(f.Bic, 1), f.F is { } F ? $"{Numbers.Fixed(F, 1)} ({P(f.P)})" : Numbers.None,
            ],
            k > 0 && fits[k - 1].Loss != f.Loss))]).Render();

    private static string Coefficient(FitCoefficient c) =>
        $"{c.Name} {Numbers.Fixed(c.Value, 2)}" + (c.Interval is null ? string.Empty : $" {IntervalText.Of(c.Interval, 2)}");

    private static string P(double? p) => p switch { null => Numbers.None, < 0.001 => "< 0.001", _ => Numbers.Fixed(p, 3) };
}
