using Goodhart.Evaluation.Points;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Text;

namespace Goodhart.Studies.Figures;

/// <summary>Figure 1 in words: where the best checkpoints lie and what the largest KL costs. Descriptive; the claims table tests
/// it.</summary>
internal static class OverOptimizationReading
{
    public static string Of(StudyResults results, StudyOrder order)
    {
        if (!JudgedPoints.Any(results))
        {
            return "Nothing has judged the responses: there is no win rate to read.";
        }

        IEnumerable<List<CheckpointPoint>> all = order.Losses.SelectMany(loss => order.Models.Select(
            model => results.Points.Where(p => p.Loss == loss && p.Model == model && p.WinRate is not null).ToList()));
        List<(CheckpointPoint Best, CheckpointPoint Last)> groups =
        [
            .. all.Where(points => points.Count > 1)
                .Select(points => (Best: points.MaxBy(p => p.WinRate)!, Last: points.MaxBy(p => p.SqrtKl)!)),
        ];
        if (groups.Count == 0)
        {
            return "There is no group of two or more checkpoints to compare.";
        }

        List<(CheckpointPoint Best, CheckpointPoint Last)> early = groups.Where(g => g.Best.SqrtKl < g.Last.SqrtKl).ToList();
        return $"In {early.Count} of {Quantity.Of(groups.Count, "loss × size group")} the best checkpoint "
            + $"comes before the largest √KL{Fall(early)}. "
            + Highest(results, groups.Select(g => g.Best).MaxBy(p => p.WinRate)!);
    }

    private static string Fall(List<(CheckpointPoint Best, CheckpointPoint Last)> early)
    {
        if (early.Count == 0)
        {
            return string.Empty;
        }

        List<double> falls = early.Select(g => JudgedPoints.WinRateOf(g.Best) - JudgedPoints.WinRateOf(g.Last)).ToList();
        (string? least, string? most) = (Numbers.Fixed(falls.Min(), 3), Numbers.Fixed(falls.Max(), 3));
        string median = Numbers.Fixed(Median(early.Select(g => g.Best.SqrtKl)), 2);
        return $" (median √KL {median}), and from there to the largest √KL the win rate falls by "
            + (least == most ? least : $"{least} to {most}");
    }

    private static string Highest(StudyResults results, CheckpointPoint best)
    {
        CheckpointPoint? sft = results.Points.FirstOrDefault(p => p.Model == best.Model && p.Loss.Length == 0);
        string before = sft is null ? string.Empty : $"; its SFT model has {PointText.WinRate(sft)}";
        return $"Highest of all: {PointText.Full(best)}{before}.";
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
