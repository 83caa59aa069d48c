using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>What the remedies did: the league table, with verdicts by a stated rule, and the comparison at equal KL.</summary>
internal static class RemediesSection
{
    private const double Level = 0.05;

    public static Section? Build(StudyResults results, IReadOnlyList<FigureBlock> figures)
    {
        if (results.Remedies.Count == 0)
        {
            return null;
        }

        HtmlTable table = new HtmlTable(
            "Each loss by itself, and under each remedy. Best: win rate of the best checkpoint, chosen on every other prompt and read on "
            + "the rest. At the peak’s KL: at the √KL where the loss by itself is at its best, between checkpoints. Fall: from a "
            + "run’s best checkpoint to its last, mean over β. Over β: a run’s best, mean over β. In brackets the difference from the "
            + "loss by itself, paired by prompt and seed. ±: one standard error, over prompts and, with several seeds, between them. "
            + "Verdict: better or worse where p < 0.05 (normal, Bonferroni over the loss’s remedies), otherwise open; of Best, then of "
            + "Fall.",
            [
                TableColumn.Phrase("Model, loss"), TableColumn.Number("Runs"), TableColumn.Number("Best"),
                TableColumn.Number("At the peak’s KL"), TableColumn.Number("Fall"), TableColumn.Number("Over β"),
                TableColumn.Text("Verdict"),
            ],
            [.. results.Remedies.Select(Row)]);
        return new Section("remedies", "Remedies", [table.Render(), .. figures.Select(figure => figure.Render())]);
    }

    private static TableRow Row(RemedyRow row) => new(
        [
            $"{row.Model}, {LossNames.Display(RemediedLosses.Name(row.Loss, row.Remedies.Length == 0 ? null : row.Remedies))}",
            Numbers.Count(row.Runs),
            Text(row.Best),
            row.AtPeakKl is null ? Numbers.None : Text(row.AtPeakKl),
            Text(row.Fall),
            Text(row.OverGrid),
            row.Remedies.Length == 0
                ? ""
                : $"best {Verdict(row.Best, higherIsBetter: true)}, fall {Verdict(row.Fall, higherIsBetter: false)}",
        ],
        row.Remedies.Length == 0);

    private static string Text(RemedyMeasure measure) => Numbers.WithError(measure.Value, measure.StandardError)
        + (measure.Difference is { } difference ? $" ({Numbers.WithError(difference, measure.DifferenceError)})" : "");

    private static string Verdict(RemedyMeasure measure, bool higherIsBetter) => measure.P is not { } p || p >= Level ? "open"
        : measure.Difference > 0 == higherIsBetter ? "better" : "worse";
}
