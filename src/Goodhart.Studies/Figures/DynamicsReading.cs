using Goodhart.Evaluation.Points;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Figures;

/// <summary>Figures 2 and 8 in words: how early the small-β runs are at their best, and how often √KL grows from one checkpoint to the next.</summary>
internal static class DynamicsReading
{
    public static string Of(StudyResults results, StudyOrder order, string model)
    {
        var runs = results.Points.Where(p => p.Model == model && p.Loss.Length > 0)
            .GroupBy(p => (p.Loss, p.Beta, p.Seed))
            .Select(g => g.OrderBy(p => p.Fraction).ToList())
            .Where(r => r.Count > 1)
            .ToList();
        if (runs.Count == 0)
        {
            return "Each run has one checkpoint: there are no dynamics to read.";
        }

        var smallest = order.Betas.Where(b => runs.Any(r => r[0].Beta == b)).Min();
        var wide = runs.Where(r => r[0].Beta == smallest).ToList();
        var pairs = runs.SelectMany(r => r.Zip(r.Skip(1))).ToList();
        return Peaks(wide, smallest) + $" √KL grows in {pairs.Count(p => p.Second.SqrtKl > p.First.SqrtKl)} of {pairs.Count} steps from one checkpoint to the next.";
    }

    private static string Peaks(List<List<CheckpointPoint>> wide, double beta)
    {
        var parts = wide.Select(r => (Run: r, Best: r.MaxBy(p => p.WinRate)!)).Select(r =>
            $"{LossNames.Display(r.Best.Loss)} is at its best at {Numbers.Fixed(100 * r.Best.Fraction, 0)} % of the epoch ({PointText.WinRate(r.Best)}) "
            + $"and ends at {PointText.WinRate(r.Run[^1])}");
        return $"At the smallest β ({Numbers.Setting(beta)}): {string.Join("; ", parts)}.";
    }
}
