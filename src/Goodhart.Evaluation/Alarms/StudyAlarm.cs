using System.Collections.Concurrent;
using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Alarms;

/// <summary>What the shipped table's alarm says of the runs of a study so far.</summary>
/// <param name="Alarm">Sees the indicators that a run of them has at every checkpoint; another without one is taken at the table's
/// mean there.</param>
/// <param name="Runs">Those of losses on pairs that have a checkpoint, in the order of the points.</param>
public sealed record StudyAlarm(TrainedAlarm Alarm, IReadOnlyList<AlarmedRun> Runs)
{
    // Learning takes a second, and studies of a kind measure the same.
    private static readonly ConcurrentDictionary<string, Lazy<TrainedAlarm>> Trained = new(StringComparer.Ordinal);

    /// <param name="points">The SFT models among them.</param>
    /// <returns>Null where there is no run on pairs, no SFT model to read it against, or nothing measured that the table knows.</returns>
    public static StudyAlarm? Of(IReadOnlyList<CheckpointPoint> points)
    {
        (CheckpointPoint[] Run, double?[][] Values)[] runs =
        [
            .. points.Where(point => point.Loss.Length > 0 && !RlhfMethods.Contains(point.Loss))
                .GroupBy(point => (point.Model, point.Loss, point.Beta, point.Seed))
                .Select(run => (Run: (CheckpointPoint[])[.. run.OrderBy(point => point.Step)], Start: StartOf(run.First(), points)))
                .Where(run => run.Start is not null)
                .Select(run => (run.Run, (double?[][])[.. CheckpointTrail.Of(run.Start!, run.Run).Select(Indicators.Read)])),
        ];
        string measured = string.Concat(Indicators.All.Select(
            (_, i) => runs.Any(run => run.Values.All(values => values[i] is not null)) ? '1' : '0'));
        if (runs.Length == 0 || !measured.Contains('1', StringComparison.Ordinal))
        {
            return null;
        }

        TrainedAlarm alarm = Trained.GetOrAdd(measured, key => new Lazy<TrainedAlarm>(
            () => TrainedAlarm.Of(AlarmTable.Shipped(), i => key[i] == '1', new AlarmTestOptions()))).Value;
        int[] inputs = [.. alarm.Model.Inputs.Select(input => Indicators.PlaceOf(input.Name))];
        return alarm.Model.Inputs.Count == 0 ? null : new StudyAlarm(
            alarm,
            [
                .. runs.Select(run => new AlarmedRun(
                    run.Run, [.. run.Values.Select(values => alarm.Model.Probability([.. inputs.Select(i => values[i])]))])),
            ]);
    }

    private static CheckpointPoint? StartOf(CheckpointPoint first, IReadOnlyList<CheckpointPoint> points)
    {
        CheckpointPoint[] own = [.. points.Where(point => point.Loss.Length == 0 && point.Model == first.Model)];
        return own.FirstOrDefault(point => point.Seed == first.Seed) ?? own.FirstOrDefault();
    }
}

/// <param name="Checkpoints">In order of training.</param>
/// <param name="Probabilities">By checkpoint: that the run's win rate is past its peak.</param>
public sealed record AlarmedRun(IReadOnlyList<CheckpointPoint> Checkpoints, IReadOnlyList<double> Probabilities);
