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
    public static Section? Build(StudyResults results, IReadOnlyList<FigureBlock> figures)
    {
        if (results.Remedies.Count == 0)
        {
            return null;
        }

        return new Section(
            "remedies", "Remedies",
            [
                .. Tables(results).Select(table => table.Render()),
                .. figures.Select(figure => figure.Render()),
            ]);
    }

    /// <summary>The chapter without its figures; empty without remedies.</summary>
    public static IEnumerable<HtmlTable> Tables(StudyResults results) => results.Remedies.Count == 0 ? [] :
    [
        .. RemedyLeagueTable.Of(results), .. ConfirmedCellsTable.Of(results), .. RemedyVerdictsTable.Of(results),
        .. RemedyBudgetTables.Of(results),
    ];

    /// <summary>The remedy with the best difference from its loss, and how many are better beyond chance.</summary>
    public static string Reading(StudyResults results)
    {
        List<RemedyRow> compared = [.. RemedyLeagueTable.Families(results).Where(row => !row.IsPlain && row.Best.Difference is not null)];
        if (compared.MaxBy(row => row.Best.Difference) is not { } best)
        {
            return "No remedy could be compared with its loss by itself.";
        }

        int better = compared.Count(row => RemedyLeagueTable.Verdict(row.Best, higherIsBetter: true) == "better");
        int smaller = compared.Count(row => RemedyLeagueTable.Verdict(row.Fall, higherIsBetter: false) == "better");
        return $"Of {Numbers.Count(compared.Count)} {(compared.Count == 1 ? "remedy" : "remedies")}, "
            + $"{Numbers.Count(better)} reach a higher best win rate beyond chance and {Numbers.Count(smaller)} fall less; "
            + $"the best is {best.Model}, {LossNames.Display(RemediedLosses.Name(best.Loss, best.Remedies))}: {Text(best.Best)}.";
    }

    internal static string Name(string model, string loss, string remedies) =>
        $"{model}, {LossNames.Display(RemediedLosses.Name(loss, remedies.Length == 0 ? null : remedies))}";

    /// <summary>One error is enough for a line: that of the difference says more than that of the value.</summary>
    internal static string Text(RemedyMeasure measure) => measure.Difference is { } difference
        ? $"{Numbers.Fixed(measure.Value, 3)} ({Numbers.WithError(difference, measure.DifferenceError)})"
        : Numbers.WithError(measure.Value, measure.StandardError);
}
