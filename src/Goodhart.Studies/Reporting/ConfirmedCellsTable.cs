using Goodhart.Evaluation.Remedies;
using Goodhart.Evaluation.Statistics;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>What became of the chosen cells on prompts that had no part in choosing them.</summary>
internal static class ConfirmedCellsTable
{
    private const double Level = 0.95;

    public static IEnumerable<HtmlTable> Of(StudyResults results) => results.ConfirmedCells.Count == 0 ? [] :
    [
        new HtmlTable(
            $"The best cells of each remedy, chosen on {Numbers.Count(results.Study.EvaluationPrompts)} prompts and read on "
            + $"{Numbers.Count(results.ConfirmedCells[0].Prompts)} fresh ones, of every seed. Chosen at: the win rate that chose the cell, "
            + "which flatters; the runs are the same, so that luck in training which chose a cell stays in it. In brackets 95 % intervals "
            + "(t, Satterthwaite’s degrees of freedom), of one comparison. Difference: from the first cell of the loss by itself, paired "
            + "by prompt and seed; p: two-sided, Bonferroni over the cells that are compared with it.",
            [
                TableColumn.Phrase("Model, loss"), TableColumn.Number("Rank"), TableColumn.Phrase("Cell"), TableColumn.Number("√KL"),
                TableColumn.Number("Chosen at"), TableColumn.Number("Fresh"), TableColumn.Number("Difference"), TableColumn.Number("p"),
            ],
            [.. results.ConfirmedCells.Select(Row)]),
    ];

    /// <summary>Strength, β and checkpoint.</summary>
    public static string Cell(RankedCell cell) =>
        $"{LossNames.Display(cell.Method)}, β {Numbers.Setting(cell.Beta)}, at {Numbers.Percent(cell.Fraction)}";

    private static TableRow Row(ConfirmedCell confirmed)
    {
        (RankedCell cell, RemedyMeasure measure) = (confirmed.Cell, confirmed.WinRate);
        return new TableRow(
            [
                $"{cell.Model}, {LossNames.Display(cell.Family)}",
                Numbers.Count(cell.Rank),
                Cell(cell),
                Numbers.Fixed(confirmed.SqrtKl, 2),
                Numbers.Fixed(cell.WinRate, 3),
                Interval(measure.Value, measure.StandardError, measure.DegreesOfFreedom),
                measure.Difference is { } difference
                    ? Interval(difference, measure.DifferenceError!.Value, measure.DifferenceDegreesOfFreedom)
                    : Numbers.None,
                measure.P is { } p ? P(p) : Numbers.None,
            ],
            cell.Family == cell.Against);
    }

    public static string P(double p) => p < 0.001 ? "< 0.001" : Numbers.Fixed(p, 3);

    private static string Interval(double value, double error, double? freedom)
    {
        double level = 0.5 + (Level / 2);
        double half = error * (freedom is { } known ? StudentsT.Quantile(level, known) : StandardNormal.Quantile(level));
        return $"{Numbers.Fixed(value, 3)} [{Numbers.Fixed(value - half, 3)}, {Numbers.Fixed(value + half, 3)}]";
    }
}
