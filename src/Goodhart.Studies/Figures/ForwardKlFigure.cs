using Goodhart.Evaluation.Points;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Text;

namespace Goodhart.Studies.Figures;

/// <summary>Figure 5: win rate against the root of the forward KL, Eq. (7); the sampled forward KL stands beside it.</summary>
internal static class ForwardKlFigure
{
    private const string Paper =
        "Log-probs of chosen responses fall during training, and the win rate is hump-shaped in the forward KL as well: some fall is "
        + "needed for the best policies, more of it is over-optimization.";

    private static readonly PlottedQuantity Equation7 = new(
        "√forward KL", "√forward KL on chosen responses, Eq. (7)", p => Root(p.ForwardKl));
    private static readonly PlottedQuantity Sampled = new(
        "√forward KL, sampled", "√KL(π_{ref}‖π), samples of the SFT model", p => Root(p.ForwardKlSampled));

    public static IEnumerable<FigureBlock> Build(StudyResults results) => new[]
    {
        Build(results, Equation7, "forward-kl", "figure5", "Figure 5. Win rate against √forward KL by Eq. (7)",
            "The forward KL is estimated as Eq. (7) has it: minus the mean log-ratio of the held-out pairs’ chosen responses."),
        Build(results, Sampled, "forward-kl-sampled", "figure5-sampled", "Figure 5, sampled. Win rate against √KL(π_ref‖π)",
            "The forward KL by its definition: minus the mean log-ratio of the SFT model’s own samples. "
            + "Eq. (7) puts chosen responses in their place, whose log-probs the loss holds up."),
    }.OfType<FigureBlock>();

    private static FigureBlock? Build(StudyResults results, PlottedQuantity axis, string group, string id, string heading, string caption)
    {
        string reading = Reading(results, axis);
        Figure? figure = new ScatterByLoss(
            id, $"Win rate against the {axis.Name}, by loss and size", axis, PlottedQuantity.WinRate, p => p.WinRateSe)
        {
            Law = (loss, model) => results.ForwardKlFits.FirstOrDefault(
                fit => fit is { Law: "gao", Intercept: "sft" } && fit.Group == $"{loss}/{model}/{group}"),
        }.Draw(results, reading);
        return figure is null ? null : new FigureBlock(
            heading, figure, caption + " An estimate below zero is drawn at zero. "
            + (
                results.ForwardKlFits.Count > 0
                    ? "Dotted: Eq. (5) with the root of the forward KL in place of d, above the SFT model’s win rate. "
                    : string.Empty)
            + SeedSpread.Caption(results.Points)
            + "Error bars (last checkpoints of sizes with one seed): one standard error over prompts.",
            reading, Paper, PointTable.Of(results, axis, PlottedQuantity.WinRate));
    }

    private static string Reading(StudyResults results, PlottedQuantity axis)
    {
        List<(CheckpointPoint Best, CheckpointPoint Last)> groups = results.Points.Where(
            p => p.Loss.Length > 0 && axis.Of(p) is not null && p.WinRate is not null).GroupBy(p => (p.Loss, p.Model))
            .Select(g => (Best: g.MaxBy(p => p.WinRate)!, Last: g.MaxBy(axis.Of)!)).ToList();
        if (groups.Count == 0)
        {
            return "No checkpoint has a forward KL and a win rate.";
        }

        int early = groups.Count(g => axis.Of(g.Best) < axis.Of(g.Last));
        List<double?> falls = groups.Select(g => g.Best.WinRate - g.Last.WinRate).ToList();
        int negative = results.Points.Count(p => p.Loss.Length > 0 && axis.Of(p) == 0);
        return $"In {early} of {Quantity.Of(groups.Count, "loss × size group")} the best checkpoint comes before the largest "
            + $"{axis.Name}; from there to the largest the win rate falls by {Numbers.Fixed(falls.Min(), 3)} to "
            + $"{Numbers.Fixed(falls.Max(), 3)}."
            + (negative > 0 ? $" {Numbers.Setting(negative)} estimates are not above zero." : string.Empty);
    }

    private static double? Root(double? kl) => kl is { } value ? Math.Sqrt(Math.Max(0, value)) : null;
}
