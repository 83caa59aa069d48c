using System.Xml.Linq;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>Over-optimization, acted upon: which runs ended worse than they were, what a stop rule would have kept, and peaks forecast from
/// small budgets.</summary>
internal static class ForecastSection
{
    public static Section? Build(StudyResults results, IReadOnlyList<FigureBlock> figures)
    {
        return results.Forecasts is { Declines.Count: > 0 } forecasts
            ? new Section("forecasts", "When to stop", [.. Content(forecasts, figures)])
            : null;
    }

    /// <summary>The chapter's content, in a study's report and in a page of its own.</summary>
    public static IEnumerable<XElement> Content(ForecastReport forecasts, IReadOnlyList<FigureBlock> figures) =>
    [
        Html.Element("p", "reading", Html.Element("span", "label", "This run: "), Reading(forecasts)),
        BackTest(forecasts).Render(),
        Html.Element(
            "p",
            "small muted",
            $"The rule: {forecasts.Rule}. The back-test: {forecasts.Measurement}. False alarm: a later checkpoint beats all before it by "
                + "more than the margin."),
        .. figures.Select(f => f.Render()),
        .. forecasts.Sweeps.Count == 0 ? (XElement[])[] : [Sweeps(forecasts).Render()],
        Html.Element(
            "details",
            null,
            Html.Element("summary", null, $"Runs, one by one ({Words.Count(forecasts.Declines.Count, "run")})"),
            Declines(forecasts).Render()),
    ];

    /// <summary>How many runs ended worse than they were, and what the rule would have kept.</summary>
    public static string Reading(ForecastReport forecasts)
    {
        int worse = forecasts.Declines.Count(d => d.Worse);
        BackTestRow? rule = forecasts.BackTest is [var first, ..] ? first : null;
        BackTestRow? last = forecasts.BackTest.FirstOrDefault(row => row.Rule == "always-last");
        string text =
            $"{Numbers.Count(worse)} of {Words.Count(forecasts.Declines.Count, "run")} ended worse than they had been (p < "
                + $"{Numbers.Setting(RunDecline.Alpha)} after correction "
            + "for having chosen the best).";
        return rule is null || last is null
            ? text
            : text
            + $" Following the rule “{rule.Rule}” keeps {Numbers.Fixed(rule.WinRate, 3)} on average, "
            + $"{Numbers.WithError(rule.Lost, rule.LostSe)} below each run’s best "
                + $"checkpoint, with {Numbers.Percent(rule.Training)} of the training; keeping the last checkpoint loses "
                + $"{Numbers.WithError(last.Lost, last.LostSe)}.";
    }

    private static HtmlTable BackTest(ForecastReport forecasts) => new(
        "Back-test: each rule followed in every run, without its future. Kept: mean win rate of the kept checkpoints; lost: below each "
            + "run’s best.",
        [
            TableColumn.Phrase("Rule"), TableColumn.Text("In words"), TableColumn.Number("Kept"), TableColumn.Number("Lost"),
            TableColumn.Number("Worst run"),
            TableColumn.Number("Trained"), TableColumn.Number("Stops"), TableColumn.Number("False alarms"),
        ],
        [.. forecasts.BackTest.Select(row => new TableRow(
        [
            row.Rule, row.Words, Numbers.Fixed(row.WinRate, 3), Numbers.WithError(row.Lost, row.LostSe), Numbers.Fixed(row.Worst, 3),
            Numbers.Percent(row.Training),
            Numbers.Fixed(row.Stops, 0), Numbers.Fixed(row.FalseAlarms, 0),
        ]))]);

    private static HtmlTable Sweeps(ForecastReport forecasts) => new(
        "Peaks forecast from the runs with large β alone, against the law fitted to the whole group (far points left out). Brackets: 95 %.",
        [
            TableColumn.Phrase("Group"), TableColumn.Text("β seen"), TableColumn.Number("Largest √KL seen"),
            TableColumn.Number("Forecast √KL"), TableColumn.Number("Whole √KL"),
            TableColumn.Number("Forecast win rate"), TableColumn.Number("Whole win rate"), TableColumn.Number("Lost by aiming there"),
        ],
        [.. forecasts.Sweeps.Select(s => new TableRow(
        [
            s.Group,
            string.Join(", ", s.SeenBetas.Select(b => Numbers.Setting(b))),
            Numbers.Fixed(s.LargestSeenSqrtKl, 2),
            Numbers.Fixed(s.Forecast?.SqrtKl, 2) + (s.Forecast?.SqrtKlInterval is { } i ? " " + IntervalText.Of(i, 2) : string.Empty),
            Numbers.Fixed(s.WholeSqrtKl, 2),
            Numbers.Fixed(s.Forecast?.WinRate, 3) + (s.Forecast?.WinRateInterval is { } w ? " " + IntervalText.Of(w, 3) : string.Empty),
            Numbers.Fixed(s.WholeWinRate, 3),
            Numbers.Fixed(s.Lost, 3),
        ]))]);

    private static HtmlTable Declines(ForecastReport forecasts) => new(
        "Is the last checkpoint worse than the best? One-sided paired t over prompts, Bonferroni over the checkpoints that could have "
            + "been the best.",
        [
            TableColumn.Phrase("Run"), TableColumn.Number("Best at"), TableColumn.Number("Best"), TableColumn.Number("Last"),
            TableColumn.Number("Fall"), TableColumn.Number("p"),
            TableColumn.Text("Worse"),
        ],
        [.. forecasts.Declines.Select(d => new TableRow(
        [
            NameOf(d.Last),
            Numbers.Percent(d.BestFraction), Numbers.Fixed(d.BestWinRate, 3), Numbers.Fixed(d.LastWinRate, 3),
            Numbers.WithError(d.Fall, d.StandardError),
            d.P is < 0.001 ? "< 0.001" : Numbers.Fixed(d.P, 3), d.Worse ? "yes" : "no",
        ]))]);

    /// <summary>The run that a checkpoint belongs to.</summary>
    public static string NameOf(CheckpointKey run) =>
        $"{run.Model}, {LossNames.Display(run.Loss)}, β {Numbers.Setting(run.Beta)}"
            + (run.Seed == 0 ? string.Empty : $", seed {Numbers.Setting(run.Seed)}");
}
