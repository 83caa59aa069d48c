using System.Globalization;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Pipeline;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Svg;

namespace Goodhart.Cli.Forecasting;

/// <summary>A forecast as files: forecast.json, forecast.html and the back-test's figure.</summary>
internal static class ForecastPage
{
    /// <param name="folder">Already claimed.</param>
    public static void Write(ForecastReport report, string json, string folder)
    {
        AtomicFile.WriteAllText(Path.Combine(folder, "forecast.json"), json + "\n");
        AtomicFile.WriteAllText(Path.Combine(folder, "forecast.svg"), FigureSvg.Standalone(Figure(report)));
        AtomicFile.WriteAllText(Path.Combine(folder, "forecast.html"), Page(report));
    }

    private static string Page(ForecastReport report) => new HtmlDocument(
        "Goodhart forecast",
        [Html.Paragraph($"Rule: {report.Rule}. Back-test: {report.Measurement}; what a rule knows beforehand comes from other groups alone.")],
        [
            new Section("back-test", "Back-test", [FigureSvg.Render(Figure(report)), BackTest(report)]),
            new Section("runs", "Runs", [Runs(report)]),
        ]).Render();

    private static Figure Figure(ForecastReport report) => new()
    {
        Id = "forecast-back-test",
        Title = "Win rate given away against training done, by stop rule",
        Description = string.Join("; ", report.BackTest.Select(row => Of($"{row.Rule}: {row.Lost:0.000} below the oracle at {100 * row.Training:0} % training"))),
        Columns = [new FigureColumn("", new LinearAxis("share of the training done", 0, 1.05))],
        Rows =
        [
            new FigureRow("", LinearAxis.Over("win rate below the oracle's", report.BackTest.SelectMany(Ends).Append(0)),
                [new Panel([.. report.BackTest.Select(Point)])]),
        ],
        Legend = [.. report.BackTest.Select((row, i) => new LegendEntry(row.Rule, Point(row, i)))],
    };

    private static PointMark Point(BackTestRow row, int index) => new(
        Palette.Series(index),
        Enum.GetValues<MarkerShape>()[index % Enum.GetValues<MarkerShape>().Length],
        4,
        false,
        [new ChartPoint(row.Training, row.Lost, Ends(row)[0], Ends(row)[^1], row.Words)]);

    /// <summary>Two standard errors either side.</summary>
    private static double[] Ends(BackTestRow row) => [row.Lost - (2 * (row.LostSe ?? 0)), row.Lost + (2 * (row.LostSe ?? 0))];

    private static System.Xml.Linq.XElement BackTest(ForecastReport report) => new HtmlTable(
        "Each rule followed in every run. The oracle keeps each run's best checkpoint.",
        [
            TableColumn.Phrase("Rule"), TableColumn.Text("What it does"), TableColumn.Number("Win rate"), TableColumn.Number("Below the oracle"),
            TableColumn.Number("Worst run"), TableColumn.Number("Training"), TableColumn.Number("Stops"), TableColumn.Number("False alarms"),
        ],
        [
            .. report.BackTest.Select(row => new TableRow(
            [
                row.Rule, row.Words, Of($"{row.WinRate:0.000}"), Of($"{row.Lost:0.000} ± {row.LostSe ?? 0:0.000}"), Of($"{row.Worst:0.000}"),
                Of($"{100 * row.Training:0} %"), Of($"{row.Stops:0.#}"), Of($"{row.FalseAlarms:0.#}"),
            ])),
        ]).Render();

    private static System.Xml.Linq.XElement Runs(ForecastReport report) => new HtmlTable(
        "Each run from the checkpoints seen.",
        [
            TableColumn.Phrase("Run"), TableColumn.Number("Seen"), TableColumn.Number("√KL"), TableColumn.Number("Keep"),
            TableColumn.Number("Peak √KL"), TableColumn.Phrase("Advice"), TableColumn.Text("Why"),
        ],
        [
            .. report.Runs.Select(run => new TableRow(
            [
                Of($"{run.Checkpoint.Loss}/{run.Checkpoint.Model} β {run.Checkpoint.Beta}"), Of($"{run.Seen}"), Of($"{run.SqrtKl:0.00}"),
                Of($"{100 * run.BestFraction:0} %"), run.Peak?.SqrtKl?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-",
                run.Stop ? "stop" : "go on", run.Reason,
            ])),
        ]).Render();

    private static string Of(FormattableString text) => FormattableString.Invariant(text);
}
