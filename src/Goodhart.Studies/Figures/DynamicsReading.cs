using Goodhart.Evaluation.Points;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;
using Goodhart.Text;

namespace Goodhart.Studies.Figures;

/// <summary>Figures 2 and 8 in words: how early the small-β runs are at their best, and how often √KL grows from one checkpoint to the
/// next.</summary>
internal static class DynamicsReading
{
    public static string Of(StudyResults results, StudyOrder order, string model)
    {
        List<List<CheckpointPoint>> runs = results.Points.Where(p => p.Model == model && p.Loss.Length > 0 && !RlhfMethods.Contains(p.Loss))
            .GroupBy(p => (p.Loss, p.Beta, p.Seed))
            .Select(g => g.OrderBy(p => p.Fraction).ToList())
            .Where(r => r.Count > 1)
            .ToList();
        if (runs.Count == 0)
        {
            return "Each run has one checkpoint: there are no dynamics to read.";
        }

        double smallest = order.Betas.Where(b => runs.Any(r => r[0].Beta == b)).Min();
        List<List<CheckpointPoint>> wide = runs.Where(r => r[0].Beta == smallest).ToList();
        List<(CheckpointPoint First, CheckpointPoint Second)> pairs = runs.SelectMany(r => r.Zip(r.Skip(1))).ToList();
        return (runs.All(r => r.All(p => p.WinRate is not null)) ? Peaks(wide, smallest) + " " : string.Empty)
            + $"√KL grows in {pairs.Count(p => p.Second.SqrtKl > p.First.SqrtKl)} of {Quantity.Of(pairs.Count, "step")} from one "
            + "checkpoint to the next.";
    }

    private static string Peaks(List<List<CheckpointPoint>> wide, double beta) =>
        $"At the smallest β ({Numbers.Setting(beta)}): {string.Join("; ", wide.GroupBy(r => r[0].Loss).Select(Peak))}.";

    private static string Peak(IGrouping<string, List<CheckpointPoint>> seeds)
    {
        List<IGrouping<double, CheckpointPoint>> means = seeds.SelectMany(r => r).GroupBy(p => p.Fraction).OrderBy(g => g.Key).ToList();
        IGrouping<double, CheckpointPoint> best = means.MaxBy(g => g.Average(p => p.WinRate))!;
        return $"{LossNames.Display(seeds.Key)} is at its best at {Numbers.Percent(best.Key)} of the epoch ({WinRate(best)}) "
            + $"and ends at {WinRate(means[^1])}";
    }

    private static string WinRate(IGrouping<double, CheckpointPoint> seeds) => seeds.Count() == 1
        ? PointText.WinRate(seeds.Single())
        : $"{Numbers.Fixed(seeds.Average(p => p.WinRate), 3)}, mean of {Numbers.Setting(seeds.Count())} seeds";
}
