using Goodhart.Alignment.Losses;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;

namespace Goodhart.Cli.Losses;

/// <summary>
/// A loss and its derivatives. On pairs over the margin: both responses have 30 tokens, both start at a log-prob of −60 with policy and
/// reference equal, and the chosen one gains what the rejected one loses. On single responses over the log-ratio, at z = 0.
/// </summary>
internal static class LossFigure
{
    private const int Tokens = 30;
    private const double LogProb = -60;
    private const int Steps = 160;

    public static Figure Of(LossEntry entry) => entry.Create(entry.UsualBeta) switch
    {
        KtoLoss kto => OfResponses(entry, kto),
        AlignmentLoss loss => OfPairs(entry, LossCatalogue.RequirePairs(loss)),
    };

    private static Figure OfPairs(LossEntry entry, PreferenceLoss loss)
    {
        double[] margins = Grid(Span(loss));
        PairGradient[] terms = [.. margins.Select(margin => At(loss, margin))];
        LineMark value = Line(0, margins, [.. terms.Select(term => term.Loss)]);
        LineMark chosen = Line(1, margins, [.. terms.Select(term => term.Chosen / loss.Beta)]);
        LineMark rejected = Line(2, margins, [.. terms.Select(term => term.Rejected / loss.Beta)]);
        return Draw(
            entry, "margin Δ, nats", "margins", margins, [value], [chosen, rejected],
            [("loss", value), ("by log π(y_w)", chosen), ("by log π(y_l)", rejected)]);
    }

    private static Figure OfResponses(LossEntry entry, KtoLoss loss)
    {
        double[] logRatios = Grid(40);
        (double Loss, double Slope)[] good = [.. logRatios.Select(a => loss.Term(a, isDesirable: true, kl: 0))];
        (double Loss, double Slope)[] bad = [.. logRatios.Select(a => loss.Term(a, isDesirable: false, kl: 0))];
        LineMark desirable = Line(1, logRatios, [.. good.Select(term => term.Loss)]);
        LineMark undesirable = Line(2, logRatios, [.. bad.Select(term => term.Loss)]);
        return Draw(
            entry, "log-ratio a, nats", "log-ratios at z = 0", logRatios, [desirable, undesirable],
            [
                Line(1, logRatios, [.. good.Select(term => term.Slope / loss.Beta)]),
                Line(2, logRatios, [.. bad.Select(term => term.Slope / loss.Beta)]),
            ],
            [("desirable", desirable), ("undesirable", undesirable)]);
    }

    private static Figure Draw(
        LossEntry entry, string axis, string range, double[] x, LineMark[] values, LineMark[] slopes,
        (string Label, LineMark Line)[] legend) => new()
        {
            Id = Id(entry),
            Title = FormattableString.Invariant($"{entry.Name} at β = {entry.UsualBeta}"),
            Description = FormattableString.Invariant(
            $"The loss {entry.Formula} and its derivatives by both log-probs in units of β, for {range} from {x[0]} to {x[^1]} nats."),
            Columns = [new FigureColumn("", new LinearAxis(axis, x[0], x[^1]))],
            Rows =
        [
            new FigureRow("", LinearAxis.Over("loss", Heights(values)), [new Panel([.. values])]),
            new FigureRow(
                "", LinearAxis.Over("derivative / β", Heights(slopes)), [new Panel([new LevelMark(Palette.Muted, 0), .. slopes])]),
        ],
            Legend = [.. legend.Select(line => new LegendEntry(line.Label, line.Line with { Points = [] }))],
            PanelAspect = 0.36,
        };

    private static IEnumerable<double> Heights(LineMark[] lines) => lines.SelectMany(line => line.Points).Select(point => point.Y);

    private static double[] Grid(double span) => [.. Enumerable.Range(0, Steps + 1).Select(i => span * ((2.0 * i / Steps) - 1))];

    /// <summary>In every drawing of this loss, and in no other file.</summary>
    public static string Id(LossEntry entry) => $"loss-{entry.Name}";

    /// <summary>The widest range in which the loss stays within 50 times its value at no margin: exponential losses need a narrow one.
    /// </summary>
    private static double Span(PreferenceLoss loss)
    {
        double limit = 50 * Math.Abs(At(loss, 0).Loss);
        double[] spans = [40, 20, 10, 5];
        return spans.Where(span => Math.Abs(At(loss, -span).Loss) <= limit && Math.Abs(At(loss, span).Loss) <= limit)
            .FirstOrDefault(spans[^1]);
    }

    private static PairGradient At(PreferenceLoss loss, double margin)
    {
        PairGradient[] term = new PairGradient[1];
        loss.Evaluate([new(LogProb + (margin / 2), LogProb - (margin / 2), LogProb, LogProb, Tokens, Tokens)], term);
        return term[0];
    }

    private static LineMark Line(int series, double[] x, double[] y) =>
        new(Palette.Series(series), null, [.. x.Zip(y, (at, value) => new ChartPoint(at, value))]);
}
