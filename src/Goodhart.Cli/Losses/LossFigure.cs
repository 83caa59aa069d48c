using Goodhart.Alignment.Losses;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;

namespace Goodhart.Cli.Losses;

/// <summary>
/// A loss and its two derivatives over the margin: both responses have 30 tokens, both start at a log-prob of −60 with policy and
/// reference equal, and the chosen one gains what the rejected one loses.
/// </summary>
internal static class LossFigure
{
    private const int Tokens = 30;
    private const double LogProb = -60;
    private const int Steps = 160;

    public static Figure Of(LossEntry entry)
    {
        PreferenceLoss loss = entry.Create(entry.UsualBeta);
        double span = Span(loss);
        double[] margins = [.. Enumerable.Range(0, Steps + 1).Select(i => span * ((2.0 * i / Steps) - 1))];
        PairGradient[] terms = [.. margins.Select(margin => At(loss, margin))];
        LineMark chosen = Line(1, margins, terms, term => term.Chosen / loss.Beta);
        LineMark rejected = Line(2, margins, terms, term => term.Rejected / loss.Beta);
        IEnumerable<double> slopes = chosen.Points.Concat(rejected.Points).Select(point => point.Y);
        LineMark value = Line(0, margins, terms, term => term.Loss);
        return new Figure
        {
            Id = Id(entry),
            Title = FormattableString.Invariant($"{entry.Name} at β = {entry.UsualBeta}"),
            Description = FormattableString.Invariant(
                $"The loss {entry.Formula} and its derivatives by both log-probs in units of β, for margins from {-span} to {span} nats."),
            Columns = [new FigureColumn("", new LinearAxis("margin Δ, nats", -span, span))],
            Rows =
            [
                new FigureRow("", LinearAxis.Over("loss", terms.Select(term => term.Loss)), [new Panel([value])]),
                new FigureRow(
                    "", LinearAxis.Over("derivative / β", slopes),
                    [new Panel([new LevelMark(Palette.Muted, 0), chosen, rejected])]),
            ],
            Legend =
            [
                new LegendEntry("loss", value with { Points = [] }),
                new LegendEntry("by log π(y_w)", chosen with { Points = [] }),
                new LegendEntry("by log π(y_l)", rejected with { Points = [] }),
            ],
            PanelAspect = 0.36,
        };
    }

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

    private static LineMark Line(int series, double[] margins, PairGradient[] terms, Func<PairGradient, double> value) =>
        new(Palette.Series(series), null, [.. margins.Zip(terms, (margin, term) => new ChartPoint(margin, value(term)))]);
}
