using System.Globalization;
using Goodhart.Evaluation.Alarms;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Runs.Stopping;

/// <summary>Measures a run's checkpoints as they come and asks the alarm about each.</summary>
/// <remarks>Measurements and probabilities are steps of the run, so a resumed run has the same ones and comes to the same end.</remarks>
internal sealed class AlarmWatch(AlarmInputs inputs, int totalSteps, int epochs)
{
    private readonly List<Asked> asked = [];
    private TrainedAlarm? alarm;

    /// <summary>Trains from checkpoint to checkpoint until the alarm or the plan ends it.</summary>
    /// <returns>The parts that were trained.</returns>
    public async Task<IReadOnlyList<TrainingSegment>> RunAsync(
        StageRun run, IReadOnlyList<TrainingSegment> segments, IReadOnlyList<HeldOutStep> evaluations, int rowBudget,
        CancellationToken cancel)
    {
        TokenizedData data = await run.Runner.RunAsync(inputs.Prompts, cancel).ConfigureAwait(false);
        if (data.Rows < 2)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{inputs.Settings.PromptsPath}: expected at least 2 prompts to measure checkpoints on, found {data.Rows} that can be used "
                    + $"of {data.Read}."));
        }

        run.Services.Add(new SharedReads());
        HeldOutPairs? pairs = inputs.HeldOut is not { } heldOut ? null : new HeldOutPairs(
            heldOut, PairInputs.Scores(inputs.Reference, heldOut, run.Runner.Read(heldOut), rowBudget), inputs.Loss);
        MeasureCheckpoint start = Measure(new NamedFolder(inputs.Reference.Folder), "reference", data, pairs, rowBudget);
        foreach (TrainingSegment segment in segments.Where(segment => segment.KeepsWeights))
        {
            // The next part needs the optimizer's state, and so does a run that goes on without the alarm.
            TrainingSegment[] done = [.. segments.TakeWhile(part => part != segment), segment with { KeepsOptimizer = true }];
            Step<MetricRow>[] scores =
                [.. evaluations.Where(score => score.End <= segment.End), .. asked.Select(checkpoint => checkpoint.Alarm)];
            MeasureCheckpoint now = Measure(
                new StoredModel(segment), FormattableString.Invariant($"step-{segment.End}"), data, pairs, rowBudget);
            await TrainingRun.RunAsync(run, done, scores, cancel, start, now).ConfigureAwait(false);
            AlarmCheckpoint step = Ask(run, segment, start, now);
            await TrainingRun.RunAsync(run, done, [.. scores, step], cancel).ConfigureAwait(false);
            asked.Add(new Asked(segment, step, run.Runner.Read(now), run.Runner.Read(step).Values["alarm/probability"]));
            if (inputs.Settings.Refuses(asked[^1].Probability))
            {
                return [.. segments.TakeWhile(part => part.End <= segment.End)];
            }
        }

        return segments;
    }

    /// <summary>Updates after which the run's model was what DIR/model is to be.</summary>
    public int Kept => asked[inputs.Settings.Kept([.. asked.Select(checkpoint => checkpoint.Probability)])].Segment.End;

    /// <summary>Of the run that has ended.</summary>
    public AlarmRecord Record() => new(
        inputs.Settings.TablePath ?? "shipped", alarm!.Test.Runs, alarm.Threshold, alarm.Worth(), alarm.Missing,
        new PromptsRecord(inputs.Prompts.File.Data.Path, inputs.Prompts.File.Data.Sha256), inputs.Settings.StopAt, Stopped, Reason(),
        RunFolder.CheckpointName(Kept),
        [
            .. asked.Select(checkpoint => new AlarmedCheckpoint(
                RunFolder.CheckpointName(checkpoint.Segment.End), checkpoint.Segment.End, (double)checkpoint.Segment.End / totalSteps,
                checkpoint.Measures.Kl.Mean, checkpoint.Probability, checkpoint.Probability >= alarm.Threshold)),
        ]);

    private bool Stopped => asked[^1].Segment.End < totalSteps;

    private string Reason()
    {
        string last = string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * asked[^1].Probability:0} % past its peak at {100.0 * asked[^1].Segment.End / totalSteps:0} % of the run");
        return !inputs.Settings.Refuses(asked[^1].Probability) ? last
            : asked.Count == 1 ? last + ", at the first checkpoint: the model that the run started from may be the best"
            : last + string.Create(CultureInfo.InvariantCulture, $", {100 * asked[^2].Probability:0} % at the checkpoint before");
    }

    private AlarmCheckpoint Ask(StageRun run, TrainingSegment segment, MeasureCheckpoint start, MeasureCheckpoint now)
    {
        AlarmCheckpoint step = new()
        {
            Start = start,
            Before = asked.Count == 0 ? start : asked[^1].Alarm.Now,
            Now = now,
            UpdateBefore = asked.Count == 0 ? 0 : asked[^1].Segment.End,
            Update = segment.End,
            Model = alarm?.Model!,
            Epoch = segment.End * ((double)epochs / totalSteps),
        };

        // What a run measures is known once its first checkpoint is measured; the alarm is then the same at all of them.
        alarm ??= TrainedAlarm.Of(
            inputs.Table,
            step.Trail(run.Runner.Read, measured => Path.Combine(run.Runner.DirectoryOf(measured), MeasureCheckpoint.ResponsesFile)),
            new AlarmTestOptions());
        if (alarm.IsBlind)
        {
            throw new InvalidDataException(
                $"--alarm-table {inputs.Settings.TablePath}: it has nothing of what this run measures, so every checkpoint would look "
                + $"alike. Expected one of these at least: {string.Join(", ", alarm.Missing)}. Name --held-out pairs, or another table.");
        }

        return step with { Model = alarm.Model };
    }

    private MeasureCheckpoint Measure(ModelSource policy, string name, TokenizedData data, HeldOutPairs? pairs, int rowBudget) => new()
    {
        Policy = policy,
        Reference = new NamedFolder(inputs.Reference.Folder),
        Prompts = inputs.Prompts,
        Sampling = inputs.Settings.Sampling,
        HeldOut = pairs,
        Bootstrap = pairs is null ? null : new BootstrapRows(inputs.Trained, pairs.Rows),
        Compared = inputs.HeldOut,
        CheckpointName = name,
        RowBudget = rowBudget,
        Cost = MeasureCheckpoint.CostOf(inputs.Reference.Config, inputs.Settings.Sampling, data, pairs),
        Bytes = MeasureCheckpoint.BytesOf(inputs.Settings.Sampling, data),
    };

    private sealed record Asked(TrainingSegment Segment, AlarmCheckpoint Alarm, CheckpointMeasures Measures, double Probability);
}
