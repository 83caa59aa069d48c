using Goodhart.Evaluation.Remedies;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>The league table, a row per remedy; where remedies have several strengths, a second one with a row per strength.</summary>
internal static class RemedyLeagueTable
{
    private const double Level = 0.05;

    private const string Quantities =
        "At the peak’s KL: at the √KL where the loss by itself is at its best, between checkpoints, where a run first passes it; mean over "
        + "the runs that get so far, of which those with a small β pass early. Fall: from a run’s best checkpoint to its last. Area: "
        + "between the gain of the win rate that β·log π/π_SFT predicts for the policy’s samples, whatever the loss ranks by, and the "
        + "gain that they have, over √KL from the SFT model to a run’s last checkpoint; in win rate times √nats, and nearer 0 is a truer "
        + "proxy. Over the grid: a run’s best: what is left with badly chosen strengths and β. These are means over strengths, then over "
        + "β. In brackets the difference from the loss by itself, paired by prompt and seed, at the β and seeds that both have. ±: one "
        + "standard error, over prompts and, with several seeds, between them. Compute: floating-point operations of a run’s training by "
        + "the plan’s estimate, with the reference’s scores and sampled pairs, as a multiple of the loss by itself. Verdict: better or "
        + "worse where p < 0.05 (t with Satterthwaite’s degrees of freedom, Bonferroni over the rows that are compared with one loss), "
        + "otherwise open; of Best, then of Fall.";

    private const string Crosswise = "Best: win rate of the best checkpoint, chosen on every other prompt and read on the rest. ";

    public static IEnumerable<HtmlTable> Of(StudyResults results)
    {
        IReadOnlyList<RemedyRow> families = Families(results);
        int? fresh = families.Select(row => row.FreshPrompts).FirstOrDefault(prompts => prompts is not null);
        string best = fresh is not { } prompts ? Crosswise
            : $"Best: each remedy’s cell (strength, β, checkpoint) with the highest win rate on the study’s "
                + $"{Numbers.Count(results.Study.EvaluationPrompts)} prompts, mean over seeds, read on {Numbers.Count(prompts)} others "
                + "that had no part in choosing, of every seed; so is the cell of the loss by itself that it is compared with. ";
        yield return Build(
            "Each loss by itself, and under each remedy, all of its strengths together; with DPO the losses that are proposed in its "
            + "place. " + best + Quantities,
            families, hasCells: fresh is not null);
        if (families.Count < results.Remedies.Count)
        {
            yield return Build(
                "The same for each strength by itself, on the study’s own prompts. " + Crosswise + "Other columns as above.",
                results.Remedies, hasCells: false);
        }
    }

    /// <summary>A row per remedy; results of an earlier version have one per strength.</summary>
    public static IReadOnlyList<RemedyRow> Families(StudyResults results) =>
        results.RemedyFamilies.Count > 0 ? results.RemedyFamilies : results.Remedies;

    private static HtmlTable Build(string caption, IReadOnlyList<RemedyRow> rows, bool hasCells) => new(
        caption,
        [
            TableColumn.Phrase("Model, loss"), TableColumn.Number("Runs"), TableColumn.Number("Best"),
            .. hasCells ? (TableColumn[])[TableColumn.Phrase("of cell")] : [],
            TableColumn.Number("At the peak’s KL"), TableColumn.Number("Fall"), TableColumn.Number("Area"),
            TableColumn.Number("Over the grid"),
            TableColumn.Number("Compute"), TableColumn.Phrase("Verdict"),
        ],
        [.. rows.Select(row => Row(row, rows, hasCells))]);

    private static TableRow Row(RemedyRow row, IReadOnlyList<RemedyRow> all, bool hasCells) => new(
        [
            RemediesSection.Name(row.Model, row.Loss, row.Remedies),
            Numbers.Count(row.Runs),
            RemediesSection.Text(row.Best),
            .. hasCells ? (string[])[row.Chosen is { } cell ? ConfirmedCellsTable.Cell(cell) : Numbers.None] : [],
            row.AtPeakKl is null ? Numbers.None : RemediesSection.Text(row.AtPeakKl),
            RemediesSection.Text(row.Fall),
            row.Area is null ? Numbers.None : RemediesSection.Text(row.Area),
            RemediesSection.Text(row.OverGrid),
            row.Flops / PlainOf(row, all).Flops is { } multiple ? $"{Numbers.Fixed(multiple, 2)}×" : Numbers.None,
            row.IsPlain
                ? ""
                : $"{Verdict(row.Best, higherIsBetter: true)}, {Verdict(row.Fall, higherIsBetter: false)}",
        ],
        row.IsPlain);

    private static RemedyRow PlainOf(RemedyRow row, IReadOnlyList<RemedyRow> all) =>
        all.First(plain => plain.IsPlain && plain.Model == row.Model && plain.Loss == (row.Against ?? row.Loss));

    public static string Verdict(RemedyMeasure measure, bool higherIsBetter) => measure.P is not { } p || p >= Level ? "open"
        : measure.Difference > 0 == higherIsBetter ? "better" : "worse";
}
