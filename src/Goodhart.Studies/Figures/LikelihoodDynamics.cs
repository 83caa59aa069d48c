using Goodhart.Evaluation.Points;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;
using Goodhart.Text;

namespace Goodhart.Studies.Figures;

/// <summary>Section 3.5: log-probs of chosen, rejected and unseen responses through the epoch, one figure per size.</summary>
internal static class LikelihoodDynamics
{
    private const string Paper =
        "Both chosen and rejected log-probs fall during training, so the mass must go to responses that are in no pair.";

    private static readonly (string Name, Func<CheckpointPoint, double?> Of)[] Quantities =
    [
        ("chosen", p => p.LogProbChosen), ("rejected", p => p.LogProbRejected), ("data", p => p.LogProbData),
        ("SFT samples", p => p.LogProbSamples),
    ];

    public static IEnumerable<FigureBlock> Build(StudyResults results)
    {
        StudyOrder order = new StudyOrder(results);
        return order.Models.Reverse().Select(model => Build(results, order, model)).OfType<FigureBlock>();
    }

    private static FigureBlock? Build(StudyResults results, StudyOrder order, string model)
    {
        List<CheckpointPoint> points = results.Points.Where(p => p.Model == model && !RlhfMethods.Contains(p.Loss)).ToList();
        CheckpointPoint? sft = points.FirstOrDefault(p => p.Loss.Length == 0);
        List<string> losses = order.Losses.Where(l => points.Any(p => p.Loss == l)).ToList();
        if (losses.Count == 0 || sft is null || Quantities.Any(q => points.Any(p => q.Of(p) is null)))
        {
            return null;
        }

        string reading = Reading(points, sft);
        LinearAxis x = new LinearAxis("fraction of the epoch", -0.03, 1.03);
        Figure figure = new Figure
        {
            Id = "likelihoods-" + ClaimTables.Anchor(model),
            Title = $"Log-probs through the epoch, model {model}",
            Description = reading,
            Columns = [.. losses.Select(l => new FigureColumn(LossNames.Display(l), x))],
            Rows = [.. Quantities.Select(q => Row(points, order, losses, q, sft))],
            Legend = [.. order.Betas.Where(b => points.Any(p => p.Beta == b)).Select(b =>
                new LegendEntry("β " + Numbers.Setting(b), new LineMark(order.InkOf(b), order.ShapeOf(b), [])))],
            PanelAspect = 0.6,
        };
        return new FigureBlock(
            $"Likelihoods through the epoch, model {model}", figure,
            "Mean log π per response in nats; each line is one β. Chosen and rejected: the held-out pairs. In no pair: the data set’s "
                + "responses "
            + "to the evaluation prompts (data), and the SFT model’s samples on them. " + SeedSpread.LineCaption(points).TrimEnd(),
            reading, Paper,
            PointTable.Of(results with { Points = points }, [.. Quantities.Select(q => new PlottedQuantity(q.Name, q.Name, q.Of))]));
    }

    private static FigureRow Row(
        List<CheckpointPoint> points, StudyOrder order, List<string> losses, (string Name, Func<CheckpointPoint, double?> Of) quantity,
        CheckpointPoint sft)
    {
        BetaLines lines = new BetaLines(order, sft, p => quantity.Of(p)!.Value);
        return new FigureRow(
            string.Empty,
            LinearAxis.Over(quantity.Name, points.Select(p => quantity.Of(p)!.Value)),
            [.. losses.Select(l => new Panel([.. lines.Draw(points, l)]))]);
    }

    private static string Reading(List<CheckpointPoint> points, CheckpointPoint sft)
    {
        List<CheckpointPoint> last = points.Where(p => p.Loss.Length > 0 && p.Fraction >= 1 - 1e-9).ToList();
        IEnumerable<string> changes = Quantities.Select(q => $"{q.Name} {Numbers.Fixed(last.Average(p => q.Of(p)) - q.Of(sft), 1)}");
        return $"Mean change of log π from the SFT model to the end of the epoch, over "
            + $"{Numbers.Setting(last.Count)} {Quantity.Noun(last.Count, "run")}, in nats: "
            + $"{string.Join("; ", changes)}.";
    }
}
