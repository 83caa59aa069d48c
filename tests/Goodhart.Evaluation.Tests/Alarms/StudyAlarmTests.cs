using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Points;
using Xunit;

namespace Goodhart.Evaluation.Tests.Alarms;

public sealed class StudyAlarmTests
{
    [Fact]
    public void A_studys_runs_get_what_the_verb_would_say_of_them()
    {
        CheckpointPoint[] points = [Sft("M"), .. Run("dpo", "M", 4), .. Run("ipo", "M", 2)];
        StudyAlarm alarm = StudyAlarm.Of(points)!;
        AlarmReport report = AlarmReport.Of(
            AlarmTable.Shipped(), [.. points.Select(point => new EvaluatedCheckpoint(point, new PerPromptOutcomes([], [])))],
            new AlarmTestOptions());
        Assert.Equal(["sqrtKl", "klAcceleration", "lengthGrowth"], alarm.Alarm.Model.Inputs.Select(input => input.Name));
        Assert.Equal(report.Threshold, alarm.Alarm.Threshold);
        Assert.Equal(
            report.Runs.SelectMany(run => run.Checkpoints.Select(checkpoint => checkpoint.Probability)),
            alarm.Runs.SelectMany(run => run.Probabilities));
        Assert.Equal([4, 2], alarm.Runs.Select(run => run.Checkpoints.Count));
    }

    [Fact]
    public void A_run_that_lacks_an_indicator_hides_it_from_no_other()
    {
        CheckpointPoint[] without = [.. Run("ipo", "M", 2).Select(point => point with { Length = null })];
        StudyAlarm both = StudyAlarm.Of([Sft("M"), .. Run("dpo", "M", 4), .. without])!;
        StudyAlarm alone = StudyAlarm.Of([Sft("M"), .. Run("dpo", "M", 4)])!;
        Assert.Equal(["sqrtKl", "klAcceleration", "lengthGrowth"], both.Alarm.Model.Inputs.Select(input => input.Name));
        Assert.Equal(alone.Runs[0].Probabilities, both.Runs[0].Probabilities);
        AlarmReport report = AlarmReport.Of(
            AlarmTable.Shipped(),
            [.. ((CheckpointPoint[])[Sft("M"), .. Run("dpo", "M", 4), .. without]).Select(
                point => new EvaluatedCheckpoint(point, new PerPromptOutcomes([], [])))],
            new AlarmTestOptions());
        IndicatorReading unread = report.Runs[1].Checkpoints[0].Readings.Single(reading => reading.Value is null);
        Assert.Equal(("lengthGrowth", 0.0, false), (unread.Name, unread.Contribution, unread.IsOutside));
    }

    [Fact]
    public void Where_there_is_nothing_to_read_there_is_no_alarm()
    {
        Assert.Null(StudyAlarm.Of([]));
        Assert.Null(StudyAlarm.Of([Sft("M")]));
        Assert.Null(StudyAlarm.Of([Sft("S"), .. Run("dpo", "M", 2)]));
        Assert.Null(StudyAlarm.Of([Sft("M"), .. Run("ppo", "M", 2)]));
    }

    private static CheckpointPoint Sft(string model) => new() { Loss = "", Model = model, Kl = 0, Length = 16 };

    private static IEnumerable<CheckpointPoint> Run(string loss, string model, int checkpoints) => Enumerable.Range(1, checkpoints).Select(
        i => new CheckpointPoint
        {
            Loss = loss,
            Model = model,
            Beta = 0.1,
            Fraction = i / 4.0,
            Step = 64 * i,
            Kl = loss == "dpo" ? 1.5 * i * i : 0.2 * i,
            Length = 16 + (3 * i),
        });
}
