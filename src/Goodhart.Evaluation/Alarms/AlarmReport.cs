using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Alarms;

/// <summary>Runs so far, and the probability at each checkpoint that it is past its run's peak.</summary>
/// <param name="Test">Of the same indicators on the table: what the probabilities are worth.</param>
/// <param name="Model">Fitted to the whole table.</param>
/// <param name="Missing">Indicators that each of these runs lacks at some checkpoint, or the table everywhere: the alarm does not see
/// them.</param>
/// <param name="Threshold">The alarm is raised from here on: detects the asked share where the test has the most false alarms.</param>
public sealed record AlarmReport(
    AlarmTest Test, AlarmModel Model, IReadOnlyList<string> Missing, double Threshold, IReadOnlyList<RunAlarm> Runs)
{
    /// <param name="checkpoints">The SFT models among them; outcomes by prompt may be missing, and win rates too.</param>
    /// <exception cref="InvalidDataException">There is no run, or a run without its SFT model.</exception>
    public static AlarmReport Of(AlarmTable table, IReadOnlyList<EvaluatedCheckpoint> checkpoints, AlarmTestOptions options)
    {
        (EvaluatedCheckpoint Start, EvaluatedCheckpoint[] Run, double?[][] Values)[] runs =
        [
            .. Points.Runs.Of(checkpoints.Where(c => !c.IsSft && !RlhfMethods.Contains(c.Point.Loss))).Select(run =>
            {
                EvaluatedCheckpoint[] ordered = [.. run.OrderBy(c => c.Point.Step)];
                EvaluatedCheckpoint start = StartOf(ordered[0], checkpoints);
                IReadOnlyList<CheckpointTrail> trails = CheckpointTrail.Of(start.Point, ordered, checkpoints);
                return (start, ordered, (double?[][])[.. trails.Select(Indicators.Read)]);
            }),
        ];
        if (runs.Length == 0)
        {
            throw new InvalidDataException("no checkpoint of a loss on pairs, so there is no run to give an alarm for.");
        }

        TrainedAlarm alarm = TrainedAlarm.Of(table, i => runs.Any(run => run.Values.All(values => values[i] is not null)), options);
        int[] known = [.. alarm.Model.Inputs.Select(input => Indicators.PlaceOf(input.Name))];
        return Of(
            alarm,
            [
                .. runs.Select(run => RunAlarm.Of(
                    alarm.Model, alarm.Threshold, run.Start, run.Run,
                    [.. run.Values.Select(values => (double?[])[.. known.Select(i => values[i])])])),
            ]);
    }

    /// <summary>Of no run: what an alarm is worth that has every indicator of the table.</summary>
    public static AlarmReport OfTable(AlarmTable table, AlarmTestOptions options) => Of(TrainedAlarm.Of(table, _ => true, options), []);

    private static AlarmReport Of(TrainedAlarm alarm, IReadOnlyList<RunAlarm> runs) =>
        new(alarm.Test, alarm.Model, alarm.Missing, alarm.Threshold, runs);

    private static EvaluatedCheckpoint StartOf(EvaluatedCheckpoint first, IReadOnlyList<EvaluatedCheckpoint> checkpoints)
    {
        EvaluatedCheckpoint[] own = [.. checkpoints.Where(c => c.IsSft && c.Point.Model == first.Point.Model)];
        return own.FirstOrDefault(c => c.Point.Seed == first.Point.Seed) ?? own.FirstOrDefault() ?? throw new InvalidDataException(
            $"{first.Point.Loss}/{first.Point.Model}: no row of the SFT model (an empty loss), which every indicator is read against; "
            + "evaluate it on the same prompts too.");
    }
}

/// <param name="Last">The run's last checkpoint so far.</param>
/// <param name="Outcome">What the win rates say of the run; null where nothing has judged all of it.</param>
public sealed record RunAlarm(CheckpointKey Last, IReadOnlyList<CheckpointAlarm> Checkpoints, RunOutcome? Outcome)
{
    /// <summary>The first checkpoint at which the alarm is raised; null: at none.</summary>
    public CheckpointAlarm? First => Checkpoints.FirstOrDefault(checkpoint => checkpoint.Raised);

    /// <param name="values">By checkpoint and input of the model.</param>
    internal static RunAlarm Of(
        AlarmModel model, double threshold, EvaluatedCheckpoint start, EvaluatedCheckpoint[] run, double?[][] values)
    {
        RunTruth? truth = start.IsJudged && run.All(c => c.IsJudged) ? PeakRule.Of(
            RunMeasurement.OfKnown(start), [.. run.Select(RunMeasurement.OfKnown)]) : null;
        return new RunAlarm(
            CheckpointKey.Of(run[^1].Point),
            [
                .. run.Select((checkpoint, i) =>
                {
                    double probability = model.Probability(values[i]);
                    return new CheckpointAlarm(
                        checkpoint.Point.Fraction, checkpoint.Point.Step, checkpoint.Point.SqrtKl, probability, probability >= threshold,
                        [.. model.Inputs.Select((input, k) => new IndicatorReading(
                            input.Name, values[i][k], input.Contribution(values[i][k]), input.IsOutside(values[i][k])))],
                        truth?.Past[i]);
                }),
            ],
            truth?.Outcome);
    }
}

/// <param name="Step">Updates done.</param>
/// <param name="Probability">That the run's win rate is past its peak here.</param>
/// <param name="Past">What the win rates say, where they are known and decided.</param>
public sealed record CheckpointAlarm(
    double Fraction, int Step, double SqrtKl, double Probability, bool Raised, IReadOnlyList<IndicatorReading> Readings, bool? Past);

/// <param name="Value">Null where only other runs have it: it speaks neither for the alarm nor against.</param>
/// <param name="Contribution">Logits that the value adds to the alarm, against the table's mean.</param>
/// <param name="IsOutside">The table has no such value; it was taken at the table's edge.</param>
public sealed record IndicatorReading(string Name, double? Value, double Contribution, bool IsOutside);
