using System.Xml.Linq;
using Goodhart.Evaluation.Fits;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>Section 3.2 of the paper: Eq. (5) beside the quadratics, group by group.</summary>
internal static class FitsSection
{
    private const string Paper = "Eq. (5) relates √KL and win rate accurately: it halves the RMSE of a quadratic in KL; a quadratic in "
        + "√KL does about as well as Eq. (5).";

    private static readonly (string Name, string Shown)[] Laws =
    [
        ("gao", "Eq. (5)"), ("quadratic-sqrt-kl", "quadratic in √KL"), ("quadratic-kl", "quadratic in KL"),
        ("gao-logit", "Eq. (5) of the logit"),
    ];

    public static Section? Build(StudyResults results, IReadOnlyList<FigureBlock> figures)
    {
        if (results.Fits.Count == 0)
        {
            return null;
        }

        StudyOrder order = new StudyOrder(results);
        List<XElement> content = new List<XElement>
        {
            Html.Element("p", "reading", Html.Element("span", "label", "This run: "), Reading(results)),
            Html.Element("p", "paper", Html.Element("span", "label", "The paper: "), Paper),
            Table("Fits of the win rate, anchored at the SFT model’s; Eq. (5) is d(α − β ln d) with d = √KL, of the logit: the same for "
                + "the logit of the win rate, by the binomial likelihood, α and β in logits. ± is one standard error; "
                + "R₀ is the win rate at d = 0, LOO the leave-one-out RMSE; brackets hold intervals (95 % unless "
                + "stated).", Main(results), order),
        };
        List<ScalingLawFit> others = results.Fits.Except(Main(results)).ToList();
        if (others.Count > 0)
        {
            XElement table = Table("Fits with a free intercept or none, and fits of final checkpoints only", others, order);
            content.Add(new XElement("details",
                new XElement("summary", $"Other intercepts and selections ({Words.Count(others.Count, "fit")})"), table));
        }

        if (results.BoundedFits.Count > 0)
        {
            content.Add(Details(results, results.BoundedFits, "Fits without far points (groups that have such)"));
        }

        content.AddRange(figures.Select(figure => figure.Render()));
        content.AddRange(LawComparisonTables.Build(results));
        content.AddRange(Methods(results.Fits));
        return new Section("fits", "Scaling-law fits", content);
    }

    /// <summary>A table of further fits, folded away.</summary>
    public static XElement Details(StudyResults results, IReadOnlyList<ScalingLawFit> fits, string caption) => new(
        "details", new XElement("summary", $"{caption} ({Words.Count(fits.Count, "fit")})"), Table(caption, fits, new StudyOrder(results)));

    /// <summary>A law as the report calls it.</summary>
    public static string Shown(string law) => Laws.FirstOrDefault(l => l.Name == law).Shown ?? law;

    private static List<ScalingLawFit> Main(StudyResults results) =>
        [.. results.Fits.Where(f => f.Intercept == "sft" && !f.Group.EndsWith(WinRatePanel.FinalSuffix, StringComparison.Ordinal))];

    /// <summary>The laws' mean errors beside each other.</summary>
    public static string Reading(StudyResults results)
    {
        List<ScalingLawFit> fits = Main(results);
        List<(string Shown, int Count, double Rmse)> means = Laws.Select(
            law => (law.Shown, Fits: fits.Where(f => f.Law == law.Name).ToList()))
            .Where(l => l.Fits.Count > 0)
            .Select(l => (l.Shown, l.Fits.Count, Rmse: l.Fits.Average(f => f.Rmse)))
            .ToList();
        if (means.Count == 0)
        {
            return "no fit is anchored at the SFT model.";
        }

        IEnumerable<string> parts = means.Select((m, k) =>
            $"{m.Shown} {Numbers.Fixed(m.Rmse, 4)}" + (k == 0 ? string.Empty : $" ({Numbers.Fixed(m.Rmse / means[0].Rmse, 2)} times)"));
        return $"mean RMSE over {Words.Count(means[0].Count, "group")}: {string.Join(", ", parts)}.";
    }

    private static XElement Table(string caption, IEnumerable<ScalingLawFit> fits, StudyOrder order)
    {
        List<ScalingLawFit> sorted = fits.OrderBy(f => order.RankOf(f.Group)).ThenBy(f => f.Group, StringComparer.Ordinal)
            .ThenBy(f => f.Intercept, StringComparer.Ordinal)
            .ThenBy(f => Array.FindIndex(Laws, l => l.Name == f.Law)).ToList();
        return new HtmlTable(
            caption,
            [
                TableColumn.Phrase("Group"), TableColumn.Phrase("Law"), TableColumn.Phrase("R₀"),
                TableColumn.Phrase("Coefficients"), TableColumn.Number("RMSE"), TableColumn.Number("LOO"), TableColumn.Number("n"),
                TableColumn.Number("Peak √KL"), TableColumn.Number("Peak win rate"),
            ],
            [.. sorted.Select((f, k) => Row(f, k > 0 && sorted[k - 1].Group == f.Group))]).Render();
    }

    private static TableRow Row(ScalingLawFit fit, bool repeated) => new(
        [
            repeated ? Html.Element("span", "muted", GroupName(fit.Group)) : GroupName(fit.Group),
            Shown(fit.Law),
            fit.Intercept == "none" ? "none" : $"{(fit.Intercept == "sft" ? "SFT" : fit.Intercept)} {Numbers.Fixed(fit.InterceptValue, 3)}",
            fit.Coefficients.Select((c, k) => new object[] { k == 0 ? string.Empty : new XElement("br"), Coefficient(c) }),
            Numbers.Fixed(fit.Rmse, 4),
            Numbers.Fixed(fit.RmseLoo, 4),
            Numbers.Count(fit.Count),
            Peak(fit.PeakSqrtKl, fit.PeakSqrtKlInterval, 2, fit.PeakExtrapolated),
            Peak(fit.PeakWinRate, fit.PeakWinRateInterval, 3, false),
        ],
        !repeated);

    private static string GroupName(string group)
    {
        string[] parts = group.Split('/');
        return string.Join(", ", parts.Select((p, k) => k == 0 ? LossNames.Display(p) : p));
    }

    private static string Coefficient(FitCoefficient coefficient)
    {
        string name = coefficient.Name switch { "alpha" => "α", "beta" => "β", _ => coefficient.Name };
        return $"{name} {Numbers.Measured(coefficient.Value, coefficient.StandardError)}";
    }

    private static object[] Peak(double? value, FitInterval? interval, int decimals, bool extrapolated)
    {
        string text = value is null ? "no peak" : Numbers.Fixed(value, decimals) + (extrapolated ? " *" : string.Empty);
        return interval is null ? [text] : [text, new XElement("br"), Html.Element("span", "muted", IntervalText.Of(interval, decimals))];
    }

    private static IEnumerable<XElement> Methods(IReadOnlyList<ScalingLawFit> fits)
    {
        List<string> methods = fits.Select(f => f.PeakSqrtKlInterval?.Method).OfType<string>().Distinct().ToList();
        return methods.Count == 0 ? []
            : [Html.Element("p", "small muted",
                $"Intervals: {string.Join("; ", methods)}. * the law’s maximum lies beyond the largest fitted √KL.")];
    }
}
