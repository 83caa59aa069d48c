using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>Figure 4: what accuracy and loss on held-out pairs tell of the win rate.</summary>
internal static class RewardMetrics
{
    private const string Paper =
        "Within a model size, neither the implicit reward's accuracy nor the loss on held-out pairs goes with the win rate: "
        + "they cannot be used to pick a checkpoint. Only across sizes is there a weak correlation.";

    private static readonly PlottedQuantity Accuracy = new("accuracy", "implicit-reward accuracy, held-out pairs", p => p.Accuracy);
    private static readonly PlottedQuantity Loss = new("loss", "loss on held-out pairs", p => p.LossValue);

    public static IEnumerable<FigureBlock> Build(StudyResults results) =>
        new[] { Build(results, Accuracy, "figure4", "4, left"), Build(results, Loss, "figure4-loss", "4, right") }.OfType<FigureBlock>();

    private static FigureBlock? Build(StudyResults results, PlottedQuantity metric, string id, string number)
    {
        string reading = Reading(results, metric);
        Figure? figure = new ScatterByLoss(
            id, $"Win rate against {metric.Name} on held-out pairs, by loss and size", metric, PlottedQuantity.WinRate, p => p.WinRateSe)
            .Draw(results, reading);
        return figure is null ? null : new FigureBlock(
            $"Figure {number}. Win rate against {metric.Name} on held-out pairs",
            figure,
            $"Each point is a checkpoint. Its {metric.Name} is that of the run's own loss and β on the same held-out pairs. "
            + SeedSpread.Caption(results.Points) + "Error bars (last checkpoints of sizes with one seed): one standard error over prompts.",
            reading,
            Paper,
            PointTable.Of(results, metric, PlottedQuantity.WinRate));
    }

    /// <summary>Pearson's r within each loss and size, and across the sizes of each loss.</summary>
    private static string Reading(StudyResults results, PlottedQuantity metric)
    {
        List<CheckpointPoint> points = results.Points.Where(
            p => p.Loss.Length > 0 && metric.Of(p) is not null && p.WinRate is not null).ToList();
        List<double> within = points.GroupBy(p => (p.Loss, p.Model)).Select(g => R(g, metric)).OfType<double>().ToList();
        List<(string Loss, double? R)> across = points.GroupBy(p => p.Loss).Where(g => g.Select(p => p.Model).Distinct().Count() > 1)
            .Select(g => (Loss: g.Key, R: R(g, metric))).Where(g => g.R is not null).ToList();
        if (within.Count == 0)
        {
            return "There is no group with checkpoints to correlate.";
        }

        string text =
            $"r between {metric.Name} and win rate within a size: {Numbers.Fixed(within.Min(), 2)} to {Numbers.Fixed(within.Max(), 2)} "
            + $"over {Count(within.Count, "loss × size group")}";
        return across.Count == 0
            ? text + "."
            : text + $"; across sizes: {string.Join(", ", across.Select(a => $"{LossNames.Display(a.Loss)} {Numbers.Fixed(a.R, 2)}"))}.";
    }

    private static double? R(IEnumerable<CheckpointPoint> points, PlottedQuantity metric)
    {
        List<CheckpointPoint> list = points.ToList();
        return Correlation.Pearson([.. list.Select(p => metric.Of(p)!.Value)], [.. list.Select(JudgedPoints.WinRateOf)])?.Value;
    }

    private static string Count(int count, string what) => count == 1 ? $"one {what}" : $"{Numbers.Setting(count)} {what}s";
}
