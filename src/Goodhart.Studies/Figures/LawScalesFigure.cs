using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Fits.Comparison;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>Eq. (5) as printed beside the same law of the logit, on figure 1's points.</summary>
internal static class LawScalesFigure
{
    private const string Printed = "gao";
    private const string OfLogit = "gao-logit";

    /// <summary>Null where no group has both laws.</summary>
    public static FigureBlock? Build(StudyResults all)
    {
        StudyResults results = JudgedPoints.Only(all);
        StudyOrder order = new StudyOrder(results);
        List<string> losses = [.. order.Losses.Where(loss => order.Models.Any(model => Both(results, loss, model) is not null))];
        if (losses.Count == 0)
        {
            return null;
        }

        return new FigureBlock(
            "Eq. (5) as printed, and of the logit",
            Draw(results, order, losses),
            "Dotted: Eq. (5) for the win rate itself, by least squares. Lines: Eq. (5) for its logit, by the binomial likelihood, which "
                + "stays between 0 and 1 at any √KL. Both start at the SFT model’s win rate and end at the largest √KL fitted.",
            Reading(results, order, losses),
            "Eq. (5) is fitted to win rates as Gao et al. fit it to rewards, which have no bounds.",
            Data(results, order, losses));
    }

    private static Figure Draw(StudyResults results, StudyOrder order, List<string> losses)
    {
        List<ScalingLawFit> fits = [.. losses.SelectMany(loss => order.Models.Select(model => Both(results, loss, model)))
            .OfType<(ScalingLawFit Printed, ScalingLawFit OfLogit)>().SelectMany(both => new[] { both.Printed, both.OfLogit })];
        IEnumerable<double> heights = fits.SelectMany(fit => LawCurve.Points(fit, fit.LargestSqrtKl)).Select(point => point.Y)
            .Concat(results.Points.Where(p => losses.Contains(p.Loss)).Select(JudgedPoints.WinRateOf));
        return new Figure
        {
            Id = "laws",
            Title = "Win rate against the square root of the KL divergence, with two laws",
            Description = Reading(results, order, losses),
            Columns = [.. losses.Select(loss => new FigureColumn(LossNames.Display(loss), LinearAxis.Over(
                "√KL(π‖π_{ref})", results.Points.Where(p => p.Loss == loss).Select(p => p.SqrtKl).Append(0))))],
            Rows = [new FigureRow("", LinearAxis.Over("win rate", heights), [.. losses.Select(loss => Panel(results, order, loss))])],
            Legend =
            [
                .. order.Models.Select(model => new LegendEntry(
                    model, new PointMark(order.InkOf(model), order.ShapeOf(model), 3, false, []))),
                new LegendEntry("Eq. (5)", new DottedCurve(Palette.Muted, [])),
                new LegendEntry("Eq. (5) of the logit", new LineMark(Palette.Muted, null, [])),
            ],
            PanelAspect = 1,
        };
    }

    private static Panel Panel(StudyResults results, StudyOrder order, string loss) => new(
    [
        .. from model in order.Models
           let both = Both(results, loss, model)
           where both is not null
           from mark in new Mark[]
           {
               LawCurve.Draw(both.Value.Printed, order.InkOf(model), both.Value.Printed.LargestSqrtKl),
               new LineMark(order.InkOf(model), null, LawCurve.Points(both.Value.OfLogit, both.Value.OfLogit.LargestSqrtKl)),
           }
           select mark,
        .. order.Models.SelectMany(model => WinRatePanel.Points(order, model, SeedSpread.Points(
            results.Points.Where(p => p.Loss == loss && p.Model == model), p => p.SqrtKl, JudgedPoints.WinRateOf))),
    ]);

    private static (ScalingLawFit Printed, ScalingLawFit OfLogit)? Both(StudyResults results, string loss, string model)
    {
        ScalingLawFit? Of(string law) =>
            results.Fits.FirstOrDefault(fit => fit.Group == $"{loss}/{model}" && fit.Law == law && fit.Intercept == "sft");
        return Of(Printed) is { } printed && Of(OfLogit) is { } logit ? (printed, logit) : null;
    }

    private static string Reading(StudyResults results, StudyOrder order, List<string> losses)
    {
        List<ScalingLawFit> printed = [.. losses.SelectMany(loss => order.Models.Select(model => Both(results, loss, model)?.Printed))
            .OfType<ScalingLawFit>()];
        int outside = printed.Count(fit => LawCurve.Points(fit, fit.LargestSqrtKl).Any(point => point.Y is < 0 or > 1));
        string bounds = $"Eq. (5) as printed predicts a win rate outside [0, 1] in {outside} of {Words.Count(printed.Count, "group")}, "
            + "within its own data.";
        ErrorComparison? held = results.Comparisons
            .FirstOrDefault(c => c.Scope == "all" && c.Intercept == "sft" && c.Rival == OfLogit)?.Errors
            .FirstOrDefault(e => e.Errors == LawComparison.LeaveOneBetaOut);
        return held is null ? bounds : bounds
            + $" Error at a β left out, in units of the win rate: {Numbers.Fixed(held.Rmse, 4)} as printed, "
            + $"{Numbers.Fixed(held.RivalRmse, 4)} of the logit (ratio {Numbers.Fixed(held.Ratio, 2)} "
            + $"{IntervalText.Of(held.Interval, 2)}).";
    }

    private static CsvTable Data(StudyResults results, StudyOrder order, List<string> losses) => new(
        ["loss", "model", "sqrtKl", "printed", "ofLogit"],
        [
            .. from loss in losses
               from model in order.Models
               let both = Both(results, loss, model)
               where both is not null
               from point in LawCurve.Points(both.Value.Printed, both.Value.Printed.LargestSqrtKl)
               select (object?[])[loss, model, point.X, point.Y, LawCurve.At(both.Value.OfLogit, point.X)],
        ]);
}
