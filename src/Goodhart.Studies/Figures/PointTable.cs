using Goodhart.Evaluation.Points;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Figures;

/// <summary>The numbers behind a figure of checkpoints: what names a checkpoint, then the quantities drawn.</summary>
internal static class PointTable
{
    public static CsvTable Of(StudyResults results, params PlottedQuantity[] quantities) => new(
        ["model", "loss", "beta", "seed", "fraction", .. quantities.Select(q => q.Name)],
        [
            .. new StudyOrder(results).Sort(results.Points)
                .Where(p => quantities.Any(q => q.Of(p) is not null)).Select(p => Row(p, quantities)),
        ]);

    private static object?[] Row(CheckpointPoint p, PlottedQuantity[] quantities) =>
        [p.Model, p.Loss.Length == 0 ? "sft" : p.Loss, p.Beta, p.Seed, p.Fraction, .. quantities.Select(q => (object?)q.Of(p))];
}
