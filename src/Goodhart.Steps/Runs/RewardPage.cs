using System.Xml.Linq;
using Goodhart.Evaluation.Rewards;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Steps.Publishing;
using Goodhart.Text;

namespace Goodhart.Steps.Runs;

/// <summary>report.html of a reward run: how good the models are on held-out pairs, and their calibration curves.</summary>
internal static class RewardPage
{
    /// <summary>A share of so few pairs says little, and its standard error nothing.</summary>
    private const int Few = 10;

    public static void Write(RewardResult result, string folder)
    {
        FigureBlock curve = Curve(result.HeldOut);
        HtmlDocument page = new(
            "Reward model",
            [
                Html.Element("p", "lead", "Bradley-Terry reward models (Rafailov et al. 2024, Eq. 2) on pairs they were not trained on."),
                Html.Facts(
                [
                    ("Members", Numbers.Count(result.Runs.Count)),
                    ("Updates", Numbers.Count(result.Runs[0].Updates)),
                    ("Pairs", Numbers.Count(result.Runs[0].Data.Rows)),
                    ("Margins", result.Margins ? "of the data" : "none"),
                    ("Held-out pairs", Numbers.Count(result.HeldOut[0].HeldOut.Accuracy.Count)),
                ]),
            ],
            [new Section("quality", "On held-out pairs", [Table(result.HeldOut), curve.Render()])]);
        PageFolder.Write(folder, page.Render(), [curve]);
    }

    private static XElement Table(IReadOnlyList<RewardQuality> models) => new HtmlTable(
        "Accuracy with its standard error over pairs, loss (log 2 knows nothing), expected calibration error, and rewards: mean ± "
            + "standard deviation",
        [
            TableColumn.Text("model"), TableColumn.Number("accuracy"), TableColumn.Number("loss, nats"),
            TableColumn.Number("calibration error"),
            TableColumn.Number("chosen"), TableColumn.Number("rejected"),
        ],
        [
            .. models.Select(model => new TableRow(
            [
                model.Model, Numbers.WithError(model.HeldOut.Accuracy.Mean, model.HeldOut.Accuracy.StandardError),
                Numbers.Fixed(model.HeldOut.Loss, 4),
                Numbers.Fixed(model.HeldOut.ExpectedCalibrationError, 4), Text(model.Chosen), Text(model.Rejected),
            ])),
        ]).Render();

    private static string Text(RewardDistribution rewards) =>
        $"{Numbers.Fixed(rewards.Mean, 3)} ± {Numbers.Fixed(rewards.StandardDeviation, 3)}";

    private static FigureBlock Curve(IReadOnlyList<RewardQuality> models)
    {
        string reading = "Expected calibration error: " + string.Join(
            ", ", models.Select(model => $"{model.Model} {Numbers.Fixed(model.HeldOut.ExpectedCalibrationError, 3)}")) + ".";
        return new FigureBlock(
            "Calibration",
            new Figure
            {
                Id = "calibration",
                Title = "Accuracy against confidence",
                Description = reading,
                Columns = [new FigureColumn("", new LinearAxis("confidence σ(|r₁ − r₂|)", 0.49, 1.01))],
                Rows = [new FigureRow("", new LinearAxis("share right", -0.03, 1.03), [new Panel([Ideal(), .. models.SelectMany(Marks)])])],
                Legend = [.. models.Select((model, k) => new LegendEntry(model.Model, new LineMark(Palette.Series(k), ShapeOf(k), [])))],
            },
            "Each point is a bin of pairs by the probability that the model gives to the response it prefers; error bars: one "
                + "standard error; "
            + $"hollow and not joined: fewer than {Few} pairs. "
            + "On the dotted line the probability is right; below it the model is too sure.",
            reading,
            "It reports no calibration.",
            new CsvTable(
                ["model", "count", "confidence", "accuracy", "accuracySe"],
                [
                    .. models.SelectMany(model => model.HeldOut.Bins.Select(bin => new object?[]
                    {
                        model.Model, bin.Count, bin.Confidence, bin.Accuracy.Mean, bin.Accuracy.StandardError,
                    })),
                ]));
    }

    private static DottedCurve Ideal() =>
        new(Palette.Muted, [.. Enumerable.Range(0, 51).Select(i => new ChartPoint(0.5 + (0.01 * i), 0.5 + (0.01 * i)))]);

    private static IEnumerable<Mark> Marks(RewardQuality model, int place)
    {
        ILookup<bool, ChartPoint> few = model.HeldOut.Bins.ToLookup(bin => bin.Accuracy.Count < Few, bin => Point(model.Model, bin));
        yield return new LineMark(Palette.Series(place), null, few[false].Count() > 1 ? [.. few[false]] : []);
        yield return new PointMark(Palette.Series(place), ShapeOf(place), 3, false, [.. few[false]]);
        yield return new PointMark(
            Palette.Series(place), ShapeOf(place), 3, true, [.. few[true].Select(point => point with { Low = null, High = null })]);
    }

    private static MarkerShape ShapeOf(int place) => Enum.GetValues<MarkerShape>()[place % Enum.GetValues<MarkerShape>().Length];

    private static ChartPoint Point(string model, CalibrationBin bin) => new(
        bin.Confidence,
        bin.Accuracy.Mean,
        bin.Accuracy.StandardError is { } low ? Math.Max(0, bin.Accuracy.Mean - low) : null,
        bin.Accuracy.StandardError is { } high ? Math.Min(1, bin.Accuracy.Mean + high) : null,
        $"{model}: {Numbers.WithError(bin.Accuracy.Mean, bin.Accuracy.StandardError)} right of {Quantity.Of(bin.Count, "pair")} at "
            + $"confidence {Numbers.Fixed(bin.Confidence, 3)}");
}
