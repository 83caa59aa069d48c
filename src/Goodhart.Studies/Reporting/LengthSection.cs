using System.Xml.Linq;
using Goodhart.Evaluation.Length;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>Section 3.3: figure 3, and every run's last checkpoint raw, length-matched and length-controlled.</summary>
internal static class LengthSection
{
    public static Section? Build(StudyResults results, IReadOnlyList<FigureBlock> figures)
    {
        List<LengthReading> last = results.Length.GroupBy(
            r => (r.Checkpoint.Model, r.Checkpoint.Loss, r.Checkpoint.Beta, r.Checkpoint.Seed))
            .Select(run => run.MaxBy(r => r.Checkpoint.Fraction)!).ToList();
        if (last.Count == 0 && figures.Count == 0)
        {
            return null;
        }

        HtmlTable table = new HtmlTable(
            "Length at the last checkpoint of every run. ± is one standard error over prompts; γ in nats per token, EOS counted, with the "
                + "R² through "
            + "the origin; R² is that with an intercept. Where a rate is refused the reason stands in its place.",
            [
                TableColumn.Phrase("Run"), TableColumn.Number("√KL"), TableColumn.Number("Tokens"), TableColumn.Number("Win rate"),
                TableColumn.Text("Length-matched"), TableColumn.Text("Length-controlled"), TableColumn.Number("γ"),
                TableColumn.Number("R² origin"),
                TableColumn.Number("R²"),
            ],
            [.. last.Select((r, k) => Row(r, k > 0 && last[k - 1].Checkpoint.Loss != r.Checkpoint.Loss))]);
        XElement summary = Html.Element("summary", null, $"Length, run by run ({Words.Count(last.Count, "run")})");
        return new Section(
            "length",
            "Length",
            [
                .. figures.Select(f => f.Render()),
                .. last.Count > 0 ? [Html.Element("details", null, summary, table.Render())] : (XElement[])[],
            ]);
    }

    private static TableRow Row(LengthReading r, bool first) => new(
        [
            r.Checkpoint.Loss.Length == 0
                ? $"{r.Checkpoint.Model}, SFT model"
                : $"{r.Checkpoint.Model}, {LossNames.Display(r.Checkpoint.Loss)}, β {Numbers.Setting(r.Checkpoint.Beta)}" + Seed(r),
            Numbers.Fixed(r.SqrtKl, 2),
            Numbers.Fixed(r.Length, 1),
            Numbers.WithError(r.Raw.Value, r.Raw.StandardError),
            r.Matched.Refused ?? $"{Numbers.WithError(r.Matched.Value, r.Matched.StandardError)} ({Numbers.Count(r.Matched.Prompts)})",
            r.Controlled.Refused ?? Numbers.WithError(r.Controlled.WinRate, r.Controlled.StandardError),
            Numbers.Fixed(r.Gamma, 3),
            Numbers.Fixed(r.R2Origin, 2),
            Numbers.Fixed(r.R2, 2),
        ],
        first);

    private static string Seed(LengthReading r) => r.Checkpoint.Seed == 0 ? string.Empty : $", seed {Numbers.Setting(r.Checkpoint.Seed)}";
}
