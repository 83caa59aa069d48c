using System.Xml.Linq;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Steps.Publishing;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>report.html of a forecast: the chapter of a study's report, and the advice run by run.</summary>
public static class ForecastPage
{
    /// <param name="folder">Already ours: gets report.html and figures/.</param>
    public static void Write(ForecastReport report, string folder)
    {
        FigureBlock[] figures = BackTestFigure.Build(report) is { } tried ? [tried] : [];
        HtmlDocument page = new(
            "Goodhart forecast",
            [
                Html.Element(
                    "p", "lead",
                    "Where runs and sweeps peak, whether to stop now, and how often that advice would have been right. What a rule knows "
                        + "beforehand comes from "
                    + "other groups alone."),
            ],
            [
                new Section("forecasts", "When to stop", [.. ForecastSection.Content(report, figures)]),
                new Section("advice", "Run by run", [Advice(report)]),
            ]);
        PageFolder.Write(folder, page.Render(), figures);
    }

    private static XElement Advice(ForecastReport report) => new HtmlTable(
        "Each run from the checkpoints seen: which to keep, where the other groups say the peak lies (95 %), and whether to go on.",
        [
            TableColumn.Phrase("Run"), TableColumn.Number("Seen"), TableColumn.Number("√KL"), TableColumn.Number("Keep"),
            TableColumn.Number("Peak √KL"),
            TableColumn.Number("Chance it is past"), TableColumn.Phrase("Advice"), TableColumn.Text("Why"),
        ],
        [.. report.Runs.Select(run => new TableRow(
        [
            ForecastSection.NameOf(run.Checkpoint), Numbers.Count(run.Seen), Numbers.Fixed(run.SqrtKl, 2),
            Numbers.Percent(run.BestFraction),
            Numbers.Fixed(run.Peak?.SqrtKl, 2)
                + (run.Peak?.SqrtKlInterval is { } interval ? " " + IntervalText.Of(interval, 2) : string.Empty),
            run.ChancePast is { } past ? Numbers.Percent(past) : Numbers.None, run.Stop ? "stop" : "go on", run.Reason,
        ]))]).Render();
}
