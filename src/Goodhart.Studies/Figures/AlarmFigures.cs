using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Statistics;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>What an alarm is worth where it was not taught: ROC and calibration, a panel for each factor that was left out.</summary>
internal static class AlarmFigures
{
    private const string Paper =
        "It shows that win rates fall while the training loss goes on improving, and names no sign by which that could be seen.";

    /// <summary>Empty where nothing could be left out.</summary>
    public static IReadOnlyList<FigureBlock> Build(AlarmTest test) =>
        test.LeftOut.Count == 0 ? [] : [Roc(test), Calibration(test)];

    private static FigureBlock Roc(AlarmTest test)
    {
        string reading = string.Join(" ", test.LeftOut.Select(left => Sentence(AlarmWords.Reading(left))));
        return new FigureBlock(
            "Detected and false alarms",
            new Figure
            {
                Id = "alarm-roc",
                Title = "Share of checkpoints past the peak that are detected, against false alarms",
                Description = reading,
                Columns = [.. test.LeftOut.Select(left => new FigureColumn(left.Factor, new LinearAxis("false alarms", 0, 1)))],
                Rows = [new FigureRow("", new LinearAxis("detected", 0, 1), [.. test.LeftOut.Select(left => new Panel(Curves(left)))])],
                Legend = [.. Names(test).Select((name, i) => new LegendEntry(name, Line(i, [])))],
                PanelAspect = 1,
            },
            "Each curve goes through the thresholds of a predictor, on checkpoints whose loss, size, labeller, noise or world it had not "
            + "seen: share of checkpoints past their run’s peak that are called so, against the share of others that are.",
            reading,
            Paper,
            new CsvTable(
                ["leftOut", "predictor", "threshold", "detected", "falseAlarms"],
                [
                    .. test.LeftOut.SelectMany(left => All(left).SelectMany(score => score.Curve.Select(
                        point => new object?[] { left.Factor, score.Name, Known(point.Threshold), point.Detected, point.FalseAlarms }))),
                ]));
    }

    private static FigureBlock Calibration(AlarmTest test)
    {
        string reading = string.Join(" ", test.LeftOut.Select(left =>
            $"With a {left.Factor} left out probabilities are off by {Numbers.Fixed(left.Alarm.Calibration.Error, 2)} on average, and the "
            + $"Brier score is {Numbers.Fixed(left.Alarm.Calibration.Brier, 3)} where stating the base rate scores "
            + $"{Numbers.Fixed(left.Alarm.Calibration.BaseBrier, 3)}."));
        return new FigureBlock(
            "Whether the probabilities are kept",
            new Figure
            {
                Id = "alarm-calibration",
                Title = "Share of checkpoints past their peak, against the probability that the alarm gave",
                Description = reading,
                Columns = [.. test.LeftOut.Select(left => new FigureColumn(left.Factor, new LinearAxis("stated", 0, 1)))],
                Rows =
                [
                    new FigureRow(
                        "", new LinearAxis("observed", 0, 1),
                        [
                            .. test.LeftOut.Select(left => new Panel(
                            [
                                new LineMark(Palette.Muted, null, [new ChartPoint(0, 0), new ChartPoint(1, 1)]) { Dash = LineDash.Dashed },
                                new LineMark(
                                    Palette.Series(0), MarkerShape.Circle,
                                    [
                                        .. left.Alarm.Calibration.Bins.Select(bin => new ChartPoint(
                                            bin.Stated, bin.Observed,
                                            Note: $"{Numbers.Fixed(bin.Stated, 2)} stated, {Numbers.Fixed(bin.Observed, 2)} observed, "
                                                + Words.Count(bin.Count, "checkpoint"))),
                                    ]),
                            ])),
                        ]),
                ],
                PanelAspect = 1,
            },
            "By tenths of the stated probability: a point on the dashed line keeps its word. Checkpoints as in the ROC curve.",
            reading,
            Paper,
            new CsvTable(
                ["leftOut", "stated", "observed", "checkpoints"],
                [
                    .. test.LeftOut.SelectMany(left => left.Alarm.Calibration.Bins.Select(
                        bin => new object?[] { left.Factor, bin.Stated, bin.Observed, bin.Count })),
                ]));
    }

    private static IReadOnlyList<Mark> Curves(LeftOutTest left) =>
    [
        new LineMark(Palette.Muted, null, [new ChartPoint(0, 0), new ChartPoint(1, 1)]) { Dash = LineDash.Dashed },
        .. All(left).Select((score, i) => Line(i, score.Curve)).Reverse(),
    ];

    private static LineMark Line(int place, IReadOnlyList<RocPoint> curve) => new(
        Palette.Series(place), null, [.. curve.Select(point => new ChartPoint(point.FalseAlarms, point.Detected))])
    {
        Dash = place switch { 0 or 3 => LineDash.Solid, 1 => LineDash.Dashed, _ => LineDash.DashDotted },
    };

    private static IEnumerable<PredictorScore> All(LeftOutTest left) => [left.Alarm, .. left.Plain];

    private static IEnumerable<string> Names(AlarmTest test) => All(test.LeftOut[0]).Select(score => score.Name);

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    // The curve's first corner calls nothing, at whatever threshold.
    private static double? Known(double threshold) => double.IsFinite(threshold) ? threshold : null;
}
