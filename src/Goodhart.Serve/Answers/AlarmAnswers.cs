using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Points;
using Goodhart.Serve.Watching;

namespace Goodhart.Serve.Answers;

/// <summary>What the alarm says of the study's runs so far. Safe for threads.</summary>
internal sealed class AlarmAnswers(StudyWatch watch)
{
    private readonly Lock gate = new();
    private ((long Generation, int Points) Known, AlarmAnswer Answer) last = ((-1, -1), AlarmAnswer.None);

    public AlarmAnswer Now()
    {
        (long generation, CheckpointPoint[] points) = watch.Look(folder => (
            StudyMoment.Of(folder.Fold).Generation,
            (CheckpointPoint[])[.. folder.Fold.Steps.Where(folder.Fold.Includes).Select(step => step.Point).OfType<CheckpointPoint>()]));

        // A described checkpoint does not change: as many as before of the same study are the same ones.
        lock (gate)
        {
            if ((generation, points.Length) != last.Known)
            {
                last = ((generation, points.Length), StudyAlarm.Of(points) is { } alarm ? AlarmAnswer.Of(alarm) : AlarmAnswer.None);
            }

            return last.Answer;
        }
    }
}

/// <param name="Threshold">The alarm is raised from here on.</param>
/// <param name="Worth">How often such an alarm is wrong: a sentence; empty without runs.</param>
/// <param name="Missing">Indicators that these runs lack.</param>
internal sealed record AlarmAnswer(double? Threshold, string Worth, IReadOnlyList<string> Missing, IReadOnlyList<AlarmedRow> Runs)
{
    public static AlarmAnswer None { get; } = new(null, "", [], []);

    public static AlarmAnswer Of(StudyAlarm alarm) => new(
        Digits.Of(alarm.Alarm.Threshold), alarm.Alarm.Worth(), alarm.Alarm.Missing,
        [
            .. alarm.Runs.Select(run => new AlarmedRow(
                run.Checkpoints[0].Model, run.Checkpoints[0].Loss, run.Checkpoints[0].Beta, run.Checkpoints[0].Seed,
                [.. run.Checkpoints.Select(point => point.Fraction)], [.. run.Probabilities.Select(p => Digits.Of(p))])),
        ]);
}

/// <param name="Probabilities">By checkpoint, with six digits.</param>
internal sealed record AlarmedRow(
    string Model, string Loss, double? Beta, int Seed, IReadOnlyList<double> Fractions, IReadOnlyList<double?> Probabilities);
