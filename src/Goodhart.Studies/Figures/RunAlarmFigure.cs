using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Figures;

/// <summary>The alarm along each run of a study: the probability that its win rate is past its peak; a row per size, a column per loss, a
/// line per β.</summary>
internal static class RunAlarmFigure
{
    private const string Paper = "It judges every checkpoint, and names no sign by which over-optimization could be seen without that.";

    public static FigureBlock Build(StudyResults results, StudyAlarm alarm)
    {
        StudyOrder order = new(results);
        Dictionary<CheckpointPoint, double> probability = [];
        foreach (AlarmedRun run in alarm.Runs)
        {
            foreach ((CheckpointPoint point, double value) in run.Checkpoints.Zip(run.Probabilities))
            {
                probability[point] = value;
            }
        }

        CheckpointPoint[] points = [.. probability.Keys];
        string[] losses = [.. order.Losses.Where(loss => points.Any(point => point.Loss == loss))];
        BetaLines lines = new(order, null, point => probability[point]);
        string reading = Reading(alarm);
        LevelMark level = new(Palette.Muted, alarm.Alarm.Threshold, "the alarm is raised from here on");
        return new FigureBlock(
            "The alarm along the runs",
            new Figure
            {
                Id = "alarm-runs",
                Title = "Probability that the win rate is past its peak, told without a judge",
                Description = reading,
                Columns =
                [
                    .. losses.Select(
                        loss => new FigureColumn(LossNames.Display(loss), new LinearAxis("fraction of the epoch", -0.03, 1.03))),
                ],
                Rows =
                [
                    .. order.Models.Reverse().Where(model => points.Any(point => point.Model == model)).Select(model => new FigureRow(
                        model, new LinearAxis("past its peak", 0, 1),
                        [
                            .. losses.Select(loss => new Panel(
                                [level, .. lines.Draw([.. points.Where(point => point.Model == model)], loss)])),
                        ])),
                ],
                Legend =
                [
                    .. order.Betas.Where(beta => points.Any(point => point.Beta == beta)).Select(beta => new LegendEntry(
                        "β " + Numbers.Setting(beta), new LineMark(order.InkOf(beta), order.ShapeOf(beta), []))),
                    new LegendEntry("raised from here on", level),
                ],
                PanelAspect = 0.6,
            },
            "By `goodhart alarm`, which asks no judge: it knows other worlds’ runs, and of these its indicators. Each line is one β. "
            + SeedSpread.LineCaption(points).TrimEnd(),
            reading, Paper,
            new CsvTable(
                ["model", "loss", "beta", "seed", "fraction", "step", "probability", "raised"],
                [
                    .. order.Sort(points).Select(point => (object?[])
                    [
                        point.Model, point.Loss, point.Beta, point.Seed, point.Fraction, point.Step, probability[point],
                        probability[point] >= alarm.Alarm.Threshold,
                    ]),
                ]));
    }

    /// <summary>How many runs end with the alarm raised, and what that is worth.</summary>
    public static string Reading(StudyAlarm alarm)
    {
        int raised = alarm.Runs.Count(run => run.Probabilities[^1] >= alarm.Alarm.Threshold);
        return $"At {Numbers.Count(raised)} of {Words.Count(alarm.Runs.Count, "run")} the alarm is raised at the last checkpoint. "
            + alarm.Alarm.Worth();
    }
}
