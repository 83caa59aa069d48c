using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>Direct alignment and classical RLHF on one axis: win rate, gold and proxy reward against √KL, one column per method.</summary>
internal static class RlhfFigure
{
    private const string Paper =
        "Direct alignment has no reward model to exploit and yet over-optimizes as RLHF does: gold reward falls with KL while what is "
        + "optimized still rises. For best-of-n Gao et al. fit R(d) = d(α − βd), for RL R(d) = d(α − β ln d).";

    private static readonly PlottedQuantity WinRate = PlottedQuantity.WinRate with { Label = "win rate" };
    private static readonly PlottedQuantity Gold = new("gold reward", "gold reward", p => p.GoldReward);
    private static readonly PlottedQuantity Proxy = new("proxy reward", "proxy reward", p => p.ProxyReward);

    public static IEnumerable<FigureBlock> Build(StudyResults results)
    {
        StudyOrder order = new StudyOrder(results);
        return order.Models.Where(model => results.Points.Any(p => p.Model == model && RlhfMethods.Contains(p.Loss)))
            .Select(model => Build(results, order, model));
    }

    private static FigureBlock Build(StudyResults results, StudyOrder order, string model)
    {
        List<CheckpointPoint> points = results.Points.Where(p => p.Model == model && p.ProxyReward is not null).ToList();
        string reading = Reading(results, model, points);
        double reach = Reach(points);
        int beyond = points.Count(p => p.SqrtKl > reach);
        return new FigureBlock(
            $"Direct alignment and RLHF on one axis, model {model}",
            Draw(results, order, model, [.. points.Where(p => p.SqrtKl <= reach)], reading),
            "Every checkpoint (hollow) and the last of each run (filled); best-of-n: one point per n. "
            + (IsIn(points, Gold) ? "Gold is the world’s true reward; proxy" : "Proxy")
            + " is the learned reward model’s score, 0 at its mean over held-out pairs, for every method’s samples. "
            + "Dotted: the law of Gao et al. above the SFT model, d(α − β ln d) (Eq. 5) and for best-of-n d(α − βd). "
            + "KL of best-of-n is measured, ties counted as one outcome."
            + (
                beyond == 0
                    ? string.Empty
                    : $" Not drawn, but among the numbers: {Words.Count(beyond, "checkpoint")} beyond √KL {Numbers.Fixed(reach, 2)}, "
                        + "where one method is alone."),
            reading,
            Paper,
            new CsvTable(
                [
                    "model", "method", "beta", "n", "seed", "fraction", "sqrtKl", "winRate", "winRateSe", "gold", "goldSe", "proxy",
                    "proxySe",
                ],
                [.. order.Sort(points).Select(Row)]));
    }

    private static Figure Draw(StudyResults results, StudyOrder order, string model, List<CheckpointPoint> points, string reading)
    {
        List<string> methods = order.Losses.Where(l => points.Any(p => p.Loss == l)).ToList();
        CheckpointPoint? sft = points.FirstOrDefault(p => p.Loss.Length == 0);
        LinearAxis x = LinearAxis.Over(PlottedQuantity.SqrtKl.Label, points.Select(p => p.SqrtKl).Append(0));
        FigureRow Row(PlottedQuantity quantity, Func<CheckpointPoint, double?> error, Func<string, ScalingLawFit?> law) => new(
            string.Empty,
            LinearAxis.Over(quantity.Label, points.Select(p => quantity.Of(p)!.Value)),
            [
                .. methods.Select(method => new Panel(
                [
                    .. sft is null ? (Mark[])[] : [new LevelMark(Palette.Muted, quantity.Of(sft)!.Value, PointText.Full(sft))],
                    .. law(method) is { } fit
                    ? [LawCurve.Draw(fit, order.InkOf(model), Math.Min(fit.LargestSqrtKl, points.Max(p => p.SqrtKl)))]
                    : (Mark[])[],
                    .. Marks(order, model, points.Where(p => p.Loss == method), quantity, error),
                ])),
            ]);
        string shown = IsIn(points, Gold) ? "Win rate, gold and proxy reward"
            : IsIn(points, WinRate) ? "Win rate and proxy reward" : "Proxy reward";
        return new Figure
        {
            Id = "rlhf-" + ClaimTables.Anchor(model),
            Title = $"{shown} against √KL by method, model {model}",
            Description = reading,
            Columns = [.. methods.Select(method => new FigureColumn(LossNames.Display(method), x))],
            Rows =
            [
                .. IsIn(points, WinRate)
                ? [Row(WinRate, p => p.WinRateSe, method => Law(results.Fits, method, $"{method}/{model}"))]
                : (FigureRow[])[],
                .. IsIn(points, Gold)
                ? [Row(Gold, p => p.GoldRewardSe, method => Law(results.GoldFits, method, $"{method}/{model}/gold"))]
                : (FigureRow[])[],
                Row(Proxy, p => p.ProxyRewardSe, _ => null),
            ],
            Legend =
            [
                new LegendEntry("last checkpoint, or best of n", new PointMark(order.InkOf(model), order.ShapeOf(model), 3, false, [])),
                new LegendEntry("earlier", new PointMark(order.InkOf(model), order.ShapeOf(model), 3, true, [])),
                new LegendEntry("SFT model", new LevelMark(Palette.Muted, 0)),
                new LegendEntry("fitted law", new DottedCurve(Palette.Muted, [])),
            ],
            PanelAspect = 0.8,
        };
    }

    /// <summary>
    /// The largest √KL that two methods come to: beyond it there is nothing to compare, and one run far out would squeeze all others.
    /// </summary>
    private static double Reach(List<CheckpointPoint> points) =>
        points.Where(p => p.Loss.Length > 0).GroupBy(p => p.Loss)
            .Select(method => method.Max(p => p.SqrtKl)).OrderDescending().Take(2).LastOrDefault();

    private static ScalingLawFit? Law(IReadOnlyList<ScalingLawFit> fits, string method, string group)
    {
        string name = method == RlhfMethods.BestOfN ? "quadratic-sqrt-kl" : "gao";
        return fits.FirstOrDefault(f => f.Group == group && f.Law == name && f.Intercept == "sft");
    }

    private static IEnumerable<Mark> Marks(
        StudyOrder order, string model, IEnumerable<CheckpointPoint> points, PlottedQuantity quantity, Func<CheckpointPoint, double?> error)
    {
        List<CheckpointPoint> all = points.ToList();
        List<CheckpointPoint> last = all.Where(p => p.Fraction >= 1 - 1e-9).ToList();
        yield return new PointMark(
            order.InkOf(model), order.ShapeOf(model), 1.9, true, [.. all.Except(last).Select(p => Place(p, quantity, null))]);
        yield return new PointMark(
            order.InkOf(model), order.ShapeOf(model), 2.8, false, [.. last.Select(p => Place(p, quantity, error(p)))]);
    }

    private static ChartPoint Place(CheckpointPoint point, PlottedQuantity quantity, double? error)
    {
        double y = quantity.Of(point)!.Value;
        string name = point.BestOf is { } n ? $"{point.Model}, best of {Numbers.Setting(n)}" : PointText.Name(point);
        return new ChartPoint(
            point.SqrtKl, y, y - error, y + error,
            $"{name}, {Numbers.Percent(point.Fraction)}: {quantity.Name} {Numbers.WithError(y, error)} at √KL "
                + $"{Numbers.Fixed(point.SqrtKl, 2)}");
    }

    private static string Reading(StudyResults results, string model, List<CheckpointPoint> points)
    {
        IEnumerable<IGrouping<string, CheckpointPoint>> methods = points.Where(p => p.Loss.Length > 0).GroupBy(p => p.Loss);
        return string.Join(
            " ", methods.Select(method => Describe(method, Law(results.GoldFits, method.Key, $"{method.Key}/{model}/gold"))));
    }

    /// <summary>By gold reward where there is a world, by win rate where a judge decides, and by nothing without either.</summary>
    private static string Describe(IGrouping<string, CheckpointPoint> method, ScalingLawFit? law)
    {
        List<CheckpointPoint> points = [.. method];
        CheckpointPoint far = points.MaxBy(p => p.SqrtKl)!;
        if (!IsIn(points, Gold) && !IsIn(points, WinRate))
        {
            return $"{LossNames.Display(method.Key)}: proxy {Numbers.WithError(far.ProxyReward, far.ProxyRewardSe, 2)} at √KL "
                + $"{Numbers.Fixed(far.SqrtKl, 2)}, the largest.";
        }

        (PlottedQuantity? quality, Func<CheckpointPoint, double?>? error) = IsIn(points, Gold)
            ? (Gold, (Func<CheckpointPoint, double?>)(p => p.GoldRewardSe))
            : (WinRate, p => p.WinRateSe);
        CheckpointPoint best = points.MaxBy(quality.Of)!;
        return $"{LossNames.Display(method.Key)}: {(quality == Gold ? "gold" : quality.Label)} is highest at √KL "
            + $"{Numbers.Fixed(best.SqrtKl, 2)} ({Numbers.WithError(quality.Of(best), error(best), 2)}) "
            + $"and {Numbers.WithError(quality.Of(far), error(far), 2)} at {Numbers.Fixed(far.SqrtKl, 2)}, where proxy went from "
            + $"{Numbers.Fixed(best.ProxyReward, 2)} to {Numbers.Fixed(far.ProxyReward, 2)}" + Coefficients(law) + ".";
    }

    /// <summary>b of a quadratic is −β of d(α − βd).</summary>
    private static string Coefficients(ScalingLawFit? law)
    {
        if (law is null)
        {
            return string.Empty;
        }

        (double alpha, double second) = (law.Coefficients[0].Value, law.Coefficients[1].Value);
        string peak = law.PeakSqrtKl is { } d ? $", highest at √KL {Numbers.Fixed(d, 2)}" : string.Empty;
        return $"; law of gold: α {Numbers.Significant(alpha)}, β {Numbers.Significant(law.Law == "gao" ? second : -second)}{peak}";
    }

    private static bool IsIn(List<CheckpointPoint> points, PlottedQuantity quantity) => points.All(p => quantity.Of(p) is not null);

    private static object?[] Row(CheckpointPoint p) =>
    [
        p.Model, p.Loss.Length == 0 ? "sft" : p.Loss, p.Beta, p.BestOf, p.Seed, p.Fraction, p.SqrtKl, p.WinRate, p.WinRateSe, p.GoldReward,
        p.GoldRewardSe, p.ProxyReward, p.ProxyRewardSe,
    ];
}
