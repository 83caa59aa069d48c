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
            "Each loss by itself, and under each remedy; with DPO the losses that are proposed in its place. Best: win rate of the best "
            + "checkpoint, chosen on every other prompt and read on the rest. At the peak’s KL: at the √KL where the loss by itself is at "
            + "its best, between checkpoints. Fall: from a run’s best checkpoint to its last, mean over β. Over β: a run’s best, mean over "
            + "β. In brackets the difference from the loss by itself, paired by prompt and seed. ±: one standard error, over prompts and, "
            + "with several seeds, between them. Compute: floating-point operations of a run’s training by the plan’s estimate, with the "
            + "reference’s scores and sampled pairs, as a multiple of the loss by itself. Verdict: better or worse where p < 0.05 (normal, "
            + "Bonferroni over the loss’s remedies), otherwise open; of Best, then of Fall.",
            [
                TableColumn.Phrase("Model, loss"), TableColumn.Number("Runs"), TableColumn.Number("Best"),
                TableColumn.Number("At the peak’s KL"), TableColumn.Number("Fall"), TableColumn.Number("Over β"),
                TableColumn.Number("Compute"), TableColumn.Phrase("Verdict"),
            ],
            [.. results.Remedies.Select(row => Row(row, results.Remedies))]);
        return new Section(
            "remedies", "Remedies",
            [
                table.Render(), .. RemedyBudgetTables.Of(results).Select(budget => budget.Render()),
                .. figures.Select(figure => figure.Render()),
            ]);
    }

    /// <summary>The remedy with the best difference from its loss, and how many are better beyond chance.</summary>
    public static string Reading(StudyResults results)
    {
        List<RemedyRow> compared = [.. results.Remedies.Where(row => !row.IsPlain && row.Best.Difference is not null)];
        if (compared.MaxBy(row => row.Best.Difference) is not { } best)
        {
            return "No remedy could be compared with its loss by itself.";
        }

        int better = compared.Count(row => Verdict(row.Best, higherIsBetter: true) == "better");
        int smaller = compared.Count(row => Verdict(row.Fall, higherIsBetter: false) == "better");
        return $"Of {Numbers.Count(compared.Count)} {(compared.Count == 1 ? "remedy" : "remedies")}, "
            + $"{Numbers.Count(better)} reach a higher best win rate beyond chance and {Numbers.Count(smaller)} fall less; "
            + $"the best is {best.Model}, {LossNames.Display(RemediedLosses.Name(best.Loss, best.Remedies))}: {Text(best.Best)}.";
    }

    private static TableRow Row(RemedyRow row, IReadOnlyList<RemedyRow> all) => new(
        [
            Name(row.Model, row.Loss, row.Remedies),
            Numbers.Count(row.Runs),
            Text(row.Best),
            row.AtPeakKl is null ? Numbers.None : Text(row.AtPeakKl),
            Text(row.Fall),
            Text(row.OverGrid),
            row.Flops / PlainOf(row, all).Flops is { } multiple ? $"{Numbers.Fixed(multiple, 2)}×" : Numbers.None,
            row.IsPlain
                ? ""
                : $"{Verdict(row.Best, higherIsBetter: true)}, {Verdict(row.Fall, higherIsBetter: false)}",
        ],
        row.IsPlain);

    private static RemedyRow PlainOf(RemedyRow row, IReadOnlyList<RemedyRow> all) =>
        all.First(plain => plain.IsPlain && plain.Model == row.Model && plain.Loss == (row.Against ?? row.Loss));

    internal static string Name(string model, string loss, string remedies) =>
        $"{model}, {LossNames.Display(RemediedLosses.Name(loss, remedies.Length == 0 ? null : remedies))}";

    /// <summary>One error is enough for a line: that of the difference says more than that of the value.</summary>
    internal static string Text(RemedyMeasure measure) => measure.Difference is { } difference
        ? $"{Numbers.Fixed(measure.Value, 3)} ({Numbers.WithError(difference, measure.DifferenceError)})"
        : Numbers.WithError(measure.Value, measure.StandardError);

    private static string Verdict(RemedyMeasure measure, bool higherIsBetter) => measure.P is not { } p || p >= Level ? "open"
        : measure.Difference > 0 == higherIsBetter ? "better" : "worse";
}
