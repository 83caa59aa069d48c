using System.Xml.Linq;
using Goodhart.Evaluation.Alarms;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Steps.Publishing;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>report.html of an alarm: the runs, what the alarm is worth, and what it looks at.</summary>
public static class AlarmPage
{
    /// <param name="folder">Already ours: gets report.html and figures/.</param>
    public static void Write(AlarmReport report, string folder)
    {
        IReadOnlyList<FigureBlock> figures = AlarmFigures.Build(report.Test);
        HtmlDocument page = new(
            "Goodhart alarm",
            [
                Html.Element(
                    "p", "lead",
                    "The probability that a run’s win rate is past its peak, from what can be measured without a judge, and how often such "
                    + "an alarm is wrong. " + AlarmWords.Verdict(report.Test)),
            ],
            [
                .. report.Runs.Count == 0 ? (Section[])[] : [new Section("runs", "The runs", [Runs(report)])],
                new Section(
                    "worth", "What the alarm is worth",
                    [
                        Html.Paragraph(AlarmWords.Truth(report.Test)),
                        .. figures.Select(figure => figure.Render()),
                        .. report.Test.LeftOut.Count == 0 ? (XElement[])[] : [Test(report.Test)],
                    ]),
                new Section("reading", "What it looks at", [Model(report)]),
            ]);
        PageFolder.Write(folder, page.Render(), figures);
    }

    private static XElement Runs(AlarmReport report) => new HtmlTable(
        "Each run at its checkpoints: the probability that it is past its peak. The alarm is raised from "
        + $"{Numbers.Percent(report.Threshold)} on."
        + (report.Missing.Count == 0
            ? ""
            : $" Not measured here, or not in the table, and so not seen: {string.Join(", ", report.Missing)}."),
        [
            TableColumn.Phrase("Run"), TableColumn.Number("Updates"), TableColumn.Number("√KL"), TableColumn.Number("Past its peak"),
            TableColumn.Phrase("Alarm"), TableColumn.Text("Outside the table"), TableColumn.Text("Not measured"),
        ],
        [
            .. report.Runs.SelectMany(run => run.Checkpoints.Select((checkpoint, i) => new TableRow(
                [
                    ForecastSection.NameOf(run.Last), Numbers.Count(checkpoint.Step), Numbers.Fixed(checkpoint.SqrtKl, 2),
                    Numbers.Percent(checkpoint.Probability), checkpoint.Raised ? "raised" : "–",
                    string.Join(", ", checkpoint.Readings.Where(reading => reading.IsOutside).Select(reading => reading.Name)),
                    string.Join(", ", checkpoint.Readings.Where(reading => reading.Value is null).Select(reading => reading.Name)),
                ],
                i == 0))),
        ]).Render();

    private static XElement Test(AlarmTest test) => new HtmlTable(
        "Every loss, size, labeller, noise and world in turn left out of the table and predicted. Area under the ROC curve, and the "
        + "alarm’s minus it; false alarms at the threshold that detects the asked share; error of the probabilities; how long before the "
        + "first checkpoint past the peak the alarm is raised, median and quartiles. Brackets: 95 %, runs resampled.",
        [
            TableColumn.Phrase("Left out, predictor"), TableColumn.Number("Area"), TableColumn.Number("Alarm − it"),
            TableColumn.Number("False alarms"), TableColumn.Number("Calibration error"), TableColumn.Number("Called"),
            TableColumn.Number("Too early"), TableColumn.Number("Lead, nats"), TableColumn.Number("Lead, updates"),
        ],
        [
            .. test.LeftOut.SelectMany(left => ((PredictorScore[])[left.Alarm, .. left.Plain]).Select((score, i) => new TableRow(
                [
                    $"{left.Factor}, {score.Name}", Span(score.Area, 2), i == 0 ? "" : Span(left.Differences[i - 1], 2),
                    Span(score.FalseAlarms, 2), Numbers.Fixed(score.Calibration.Error, 2),
                    $"{Numbers.Count(score.Lead.Called)} of {Numbers.Count(score.Lead.Runs)}", Numbers.Count(score.Lead.Early),
                    Middle(score.Lead.Kl, 2), Middle(score.Lead.Steps, 0),
                ],
                i == 0))),
        ]).Render();

    private static XElement Model(AlarmReport report) => new HtmlTable(
        "The model that is fitted to the whole table: logits that a standard deviation more adds; above 0 speaks for an alarm.",
        [
            TableColumn.Phrase("Indicator"), TableColumn.Number("Weight"), TableColumn.Number("Mean"),
            TableColumn.Number("Standard deviation"), TableColumn.Text("What it is"),
        ],
        [
            .. report.Model.Inputs.OrderByDescending(input => Math.Abs(input.Weight)).Select(input => new TableRow(
            [
                input.Name, Numbers.Fixed(input.Weight, 2), Numbers.Significant(input.Mean), Numbers.Significant(input.Deviation),
                Indicators.All.Single(indicator => indicator.Name == input.Name).Formula,
            ])),
        ]).Render();

    private static string Span(AreaEstimate estimate, int decimals) =>
        $"{Numbers.Fixed(estimate.Value, decimals)} [{Numbers.Fixed(estimate.Interval.Low, decimals)}, "
        + $"{Numbers.Fixed(estimate.Interval.High, decimals)}]";

    private static string Middle(MiddleHalf? half, int decimals) => half is { } some
        ? $"{Numbers.Fixed(some.Median, decimals)} ({Numbers.Fixed(some.Low, decimals)} to {Numbers.Fixed(some.High, decimals)})"
        : Numbers.None;
}
