using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Steps.Measuring;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>Eq. (11)'s unseen share by β and checkpoint against √KL, with the win rate below: one figure per model size.</summary>
public static class BootstrappedShareFigure
{
    private const string Paper =
        "Even though the objective is trained offline, the model is queried on the values of unseen tokens; smaller β result in a higher "
            + "level of "
        + "OOD bootstrapping.";

    /// <param name="results">Gives the order and the colours of losses and β.</param>
    /// <param name="points">Checkpoints of any models; those of <paramref name="model"/> are drawn, the SFT model's as a star.</param>
    /// <param name="model">A size of the study.</param>
    /// <param name="seen">After what a token counts as seen.</param>
    /// <param name="id">The figure's id, unique in the page: a study may show several sizes and senses of "seen".</param>
    /// <exception cref="ArgumentException">No checkpoint of the model whose prefixes the data reach.</exception>
    public static FigureBlock Build(StudyResults results, IReadOnlyList<BootstrappedPoint> points, string model, string seen, string id)
    {
        BootstrappedPoint[] own = [.. points.Where(p => p.Point.Model == model && p.Share.UnseenShare is not null)];
        if (!own.Any(p => p.Point.Loss.Length > 0))
        {
            throw new ArgumentException(
                $"bootstrapped share: expected checkpoints of model {model} at prefixes that the data reach, found none.");
        }

        StudyOrder order = new(results);
        string reading = Reading(own, order);
        return new FigureBlock(
            $"Bootstrapped share and win rate against √KL, model {model}: unseen after {seen}",
            Draw(own, order, model, reading, id),
            $"Top: mean share of the value a token bootstraps on that belongs to tokens unseen after {seen}, along responses of the data. "
            + "Bottom: win rate. Each point is a checkpoint, in the colour and shape that its β has in figure 2; the star is "
            + "the SFT model. "
            + SeedSpread.Caption(own.Select(p => p.Point)) + "Error bars (one seed): one standard error over pairs and over prompts.",
            reading,
            Paper,
            Data(own));
    }

    private static Figure Draw(BootstrappedPoint[] points, StudyOrder order, string model, string reading, string id)
    {
        string[] losses = [.. order.Losses.Where(loss => points.Any(p => p.Point.Loss == loss))];
        return new Figure
        {
            Id = id,
            Title = $"Bootstrapped share and win rate against √KL, model {model}",
            Description = reading,
            Columns = [.. losses.Select(loss => new FigureColumn(LossNames.Display(loss), Across(points, loss)))],
            Rows = [Row("unseen share", points, order, losses, Share), Row("win rate", points, order, losses, WinRate)],
            Legend =
            [
                .. order.Betas.Where(beta => points.Any(p => p.Point.Beta == beta)).Select(beta => new LegendEntry(
                    "β " + Numbers.Setting(beta), new PointMark(order.InkOf(beta), order.ShapeOf(beta), 3, false, []))),
                new("SFT model", new PointMark(Palette.Muted, MarkerShape.Star, 3, false, [])),
                .. SeedSpread.Legend(points.Select(p => p.Point)),
            ],
            PanelAspect = 0.72,
        };
    }

    private static LinearAxis Across(BootstrappedPoint[] points, string loss) =>
        LinearAxis.Over("√KL(π‖π_{ref})", points.Where(p => p.Point.Loss == loss).Select(p => p.Point.SqrtKl).Append(0));

    private static FigureRow Row(
        string label, BootstrappedPoint[] points, StudyOrder order, string[] losses,
        Func<BootstrappedPoint, (double Mean, double? Error)> quantity)
    {
        IEnumerable<double> range = points.Select(quantity).SelectMany(q => new[] { q.Mean - (q.Error ?? 0), q.Mean + (q.Error ?? 0) });
        return new FigureRow(string.Empty, LinearAxis.Over(label, range, 0, 1), [.. losses.Select(loss => new Panel(
        [
            .. order.Betas.Reverse().SelectMany(
                beta => Run(points.Where(p => p.Point.Loss == loss && p.Point.Beta == beta), order, beta, quantity)),
            new PointMark(
                Palette.Muted,
                MarkerShape.Star,
                3,
                false,
                [
                    .. SeedPoint<BootstrappedPoint>.Of(
                        points.Where(p => p.Point.Loss.Length == 0),
                        p => p.Point.Model,
                        p => p.Point.SqrtKl,
                        p => quantity(p).Mean).Select(p => At(p, quantity)),
                ]),
        ]))]);
    }

    private static IEnumerable<Mark> Run(
        IEnumerable<BootstrappedPoint> points, StudyOrder order, double beta,
        Func<BootstrappedPoint, (double Mean, double? Error)> quantity)
    {
        IReadOnlyList<SeedPoint<BootstrappedPoint>> run = SeedPoint<BootstrappedPoint>.Of(
            points.OrderBy(p => p.Point.Fraction), p => p.Point.Fraction, p => p.Point.SqrtKl, p => quantity(p).Mean);
        yield return SeedSpread.Ranges(order.InkOf(beta), run);
        yield return new PointMark(order.InkOf(beta), order.ShapeOf(beta), 2.6, false, [.. run.Select(p => At(p, quantity))]);
    }

    private static ChartPoint At(SeedPoint<BootstrappedPoint> p, Func<BootstrappedPoint, (double Mean, double? Error)> quantity)
    {
        BootstrappedPoint first = p.Seeds[0];
        if (p.IsMean)
        {
            return new ChartPoint(
                p.X, p.Y,
                Note: $"{PointText.Name(first.Point)}, {Numbers.Percent(first.Point.Fraction)}, mean of "
                    + $"{Numbers.Setting(p.Seeds.Count)} seeds: "
                + $"unseen share {Numbers.Fixed(p.Seeds.Average(s => Share(s).Mean), 3)}, win rate "
                + $"{Numbers.Fixed(p.Seeds.Average(s => WinRate(s).Mean), 3)} at √KL {Numbers.Fixed(p.X, 2)}");
        }

        double? error = quantity(first).Error;
        return new ChartPoint(
            p.X, p.Y, p.Y - error, p.Y
                + error, $"{PointText.Full(first.Point)}; unseen share {Numbers.WithError(Share(first).Mean, Share(first).Error)}");
    }

    private static (double Mean, double? Error) Share(BootstrappedPoint p) =>
        (p.Share.UnseenShare!.Value.Mean, p.Share.UnseenShare.Value.StandardError);

    private static (double Mean, double? Error) WinRate(BootstrappedPoint p) => (JudgedPoints.WinRateOf(p.Point), p.Point.WinRateSe);

    /// <summary>The last checkpoints by β, and whether the share goes with KL and with the win rate.</summary>
    private static string Reading(BootstrappedPoint[] points, StudyOrder order)
    {
        BootstrappedPoint[] trained = [.. points.Where(p => p.Point.Loss.Length > 0)];
        double last = trained.Max(p => p.Point.Fraction);
        string byBeta = string.Join(", ", order.Betas
            .Select(beta => (beta, own: trained.Where(p => p.Point.Beta == beta && p.Point.Fraction == last).ToArray()))
            .Where(group => group.own.Length > 0)
            .Select(group => $"{Numbers.Fixed(group.own.Average(p => Share(p).Mean), 3)} at β {Numbers.Setting(group.beta)}"));
        string sft = points.FirstOrDefault(p => p.Point.Loss.Length == 0) is { } start
            ? $" The SFT model’s is {Numbers.Fixed(Share(start).Mean, 3)}."
            : "";
        return $"Unseen share at the last checkpoints, mean over losses: {byBeta}.{sft}"
            + (trained.Length < 4 ? "" : $" Over {trained.Length} checkpoints its rank correlation (Kendall’s τ) with √KL is "
                + $"{Tau(trained, p => p.SqrtKl)} and with the win rate {Tau(trained, JudgedPoints.WinRateOf)}.");
    }

    private static string Tau(BootstrappedPoint[] points, Func<CheckpointPoint, double> other) => Numbers.Fixed(
        Correlation.Kendall(Array.ConvertAll(points, p => Share(p).Mean), Array.ConvertAll(points, p => other(p.Point)))?.Value, 2);

    private static CsvTable Data(BootstrappedPoint[] points) => new(
        [
            "model", "loss", "beta", "seed", "fraction", "sqrtKl", "winRate", "winRateSe", "unseenShare", "unseenShareSe", "gapNats",
            "gapNatsSe", "covered",
        ],
        [
            .. points.OrderBy(p => p.Point.Loss).ThenBy(p => p.Point.Beta).ThenBy(p => p.Point.Seed).ThenBy(p => p.Point.Fraction)
                .Select(p => new object?[]
                {
                    p.Point.Model, p.Point.Loss.Length == 0 ? "sft" : p.Point.Loss, p.Point.Beta, p.Point.Seed, p.Point.Fraction,
                    p.Point.SqrtKl,
                    p.Point.WinRate, p.Point.WinRateSe, Share(p).Mean, Share(p).Error, p.Share.GapNats.Mean, p.Share.GapNats.StandardError,
                    p.Share.Covered,
                }),
        ]);
}
