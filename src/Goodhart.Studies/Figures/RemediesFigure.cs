using Goodhart.Evaluation.Points;
using Goodhart.Report.Html;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>A loss with each of its remedies where they have spent the same KL: a figure for each loss that has any.</summary>
internal static class RemediesFigure
{
    private const string Paper =
        "Direct alignment over-optimizes without a reward model; the papers of the remedies each report a higher win rate than the loss by "
        + "itself, on other models and with other judges.";

    public static IReadOnlyList<FigureBlock> Build(StudyResults results) =>
        [.. results.Remedies.Where(row => row.IsPlain).Select(row => row.Loss).Distinct().Select(loss => Build(results, loss))];

    private static FigureBlock Build(StudyResults results, string loss)
    {
        HashSet<string> compared =
        [
            .. results.Remedies.Where(row => row.Loss == loss || row.Against == loss)
                .Select(row => RemediedLosses.Name(row.Loss, row.Remedies.Length == 0 ? null : row.Remedies)),
        ];
        return EqualKlFigure.Build(
            results with
            {
                Points = [.. results.Points.Where(point => compared.Contains(point.Loss))],
                EqualKl = [.. results.RemediesAtEqualKl.Where(cell => compared.Contains(cell.Loss))],
            },
            $"remedies-{loss}",
            $"{LossNames.Display(loss)} and its remedies at equal KL",
            Paper);
    }
}
