using Goodhart.Evaluation.Alarms;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>What can be said of the study's runs without a judge.</summary>
internal static class AlarmSection
{
    public static Section? Build(StudyResults results, IReadOnlyList<FigureBlock> figures) =>
        figures.Count == 0 || StudyAlarm.Of(results.Points) is not { } alarm ? null : new Section(
            "alarm", "An alarm without a judge",
            [
                .. figures.Select(figure => figure.Render()),
                Html.Element(
                    "p", "small muted",
                    $"Learnt from {Words.Count(alarm.Alarm.Test.Runs, "run")} of small worlds; the alarm is raised from "
                    + $"{Numbers.Percent(alarm.Alarm.Threshold)} on. "
                    + (alarm.Alarm.Missing.Count == 0
                        ? ""
                        : $"Not measured here, or not in the table, and so not seen: {string.Join(", ", alarm.Alarm.Missing)}.")),
            ]);
}
