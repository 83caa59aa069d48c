using Goodhart.Evaluation.Points;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>Figures 2 and 8: win rate and √KL against the fraction of the epoch; one figure per size, one column per loss, one line per
/// β.</summary>
internal static class TrainingDynamics
{
    private const string Paper =
        "With a small β most runs are at their best within the first quarter of the epoch and get worse with more training, "
        + "while KL grows almost monotonically.";

    /// <summary>The largest model is the paper's figure 2; the others are its figure 8.</summary>
    public static IEnumerable<FigureBlock> Build(StudyResults results)
    {
        StudyOrder order = new StudyOrder(results);
        return order.Models.Reverse()
            .Where(m => results.Points.Any(p => p.Model == m && p.Loss.Length > 0 && !RlhfMethods.Contains(p.Loss)))
            .Select((model, k) => Build(results, order, model, k == 0 ? 2 : 8, k));
    }

    private static FigureBlock Build(StudyResults results, StudyOrder order, string model, int number, int place)
    {
        string reading = DynamicsReading.Of(results, order, model);
        string id = place < 2 ? $"figure{number}" : $"figure{number}-{place}";
        Figure figure = Draw(results, order, model) with { Id = id, Description = reading };
        return new FigureBlock(
            $"Figure {number}. {(JudgedPoints.Any(results) ? "Win rate and " : string.Empty)}√KL during the epoch, model {model}", figure,
            Caption(results, model), reading, Paper,
                Data(results, order, model));
    }

    private static Figure Draw(StudyResults results, StudyOrder order, string model)
    {
        List<CheckpointPoint> points = results.Points.Where(p => p.Model == model && !RlhfMethods.Contains(p.Loss)).ToList();
        List<string> losses = order.Losses.Where(l => points.Any(p => p.Loss == l)).ToList();
        List<double> betas = order.Betas.Where(b => points.Any(p => p.Beta == b)).ToList();
        LinearAxis x = new LinearAxis("fraction of the epoch", -0.03, 1.03);
        CheckpointPoint? sft = points.FirstOrDefault(p => p.Loss.Length == 0);
        bool judged = points.All(p => p.WinRate is not null);
        BetaLines winRate = new BetaLines(order, sft, JudgedPoints.WinRateOf);
        BetaLines sqrtKl = new BetaLines(order, sft, p => p.SqrtKl);
        IReadOnlyList<Mark> level = sft?.WinRate is { } start ? [new LevelMark(Palette.Muted, start, PointText.Full(sft))] : [];
        return new Figure
        {
            Id = "dynamics",
            Title = $"{(judged ? "Win rate and " : string.Empty)}√KL against the fraction of the epoch, model {model}",
            Description = string.Empty,
            Columns = [.. losses.Select(l => new FigureColumn(LossNames.Display(l), x))],
            Rows =
            [
                .. !judged ? (FigureRow[])[] : [new(string.Empty, LinearAxis.Over("win rate", points.Select(JudgedPoints.WinRateOf), 0, 1),
                    [.. losses.Select(l => new Panel([.. level, .. winRate.Draw(points, l)]))])],
                new(string.Empty, LinearAxis.Over("√KL(π‖π_{ref})", points.Select(p => p.SqrtKl)),
                    [.. losses.Select(l => new Panel([.. sqrtKl.Draw(points, l)]))]),
            ],
            Legend = [.. betas.Select(b => Entry(order, b)), .. level.Select(mark => new LegendEntry("SFT model", mark))],
            PanelAspect = 0.68,
        };
    }

    private static LegendEntry Entry(StudyOrder order, double beta) =>
        new("β " + Numbers.Setting(beta), new LineMark(order.InkOf(beta), order.ShapeOf(beta), []));

    private static string Caption(StudyResults results, string model) =>
        "Each line is one β, from the largest KL budget (warm) to the smallest (dark); it starts at the SFT model. "
        + SeedSpread.LineCaption(results.Points.Where(p => p.Model == model))
        + (JudgedPoints.Any(results) ? "Dashed: the SFT model’s win rate." : string.Empty);

    private static CsvTable Data(StudyResults results, StudyOrder order, string model) => new(
        ["model", "loss", "beta", "seed", "fraction", "winRate", "winRateSe", "sqrtKl"],
        [.. order.Sort(results.Points.Where(p => p.Model == model)).Select(Row)]);

    private static object?[] Row(CheckpointPoint p) =>
        [p.Model, p.Loss.Length == 0 ? "sft" : p.Loss, p.Beta, p.Seed, p.Fraction, p.WinRate, p.WinRateSe, p.SqrtKl];
}
