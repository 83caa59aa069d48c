using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs.Stopping;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Runs;

/// <summary>Direct alignment of a Hugging Face folder on a file of preference pairs, or of responses with labels.</summary>
public static class AlignStage
{
    private const string Name = "align";

    /// <summary>What <see cref="RunAsync"/> would do and the memory it would take; runs and writes nothing.</summary>
    /// <exception cref="InvalidDataException">Models or data cannot be used.</exception>
    public static StagePlan Plan(AlignSettings settings, StageEnvironment environment, DeviceMemory memory)
    {
        TrainingSettings training = settings.Training;
        Input input = Input.Open(settings, environment);
        PlannedRows rows = input.Objective.Plan(input.Reference.Config);
        int total = TrainingRun.TotalSteps(training, rows.Data);
        RowSegment whole = input.Objective.Segment(
            new AlignRun(training, input.Model, input.Part, input.Reference, rows.Data, total, environment.RowBudget));
        TrainingRehearsal rehearsal = new(input.Model.Config, training.Recipe, training.Seed, total);
        return new StagePlan(Name, rows.Data, total, whole.EstimatedCost, MemoryPlan.Of(
            environment.Choice(input.Part, memory), choice => rows.Rehearse(rehearsal, choice), rows.Shortest,
            input.Part.Adapter is not null));
    }

    /// <exception cref="InvalidDataException">Models, data or folder cannot be used; nothing was started.</exception>
    /// <exception cref="Pipeline.StepFailedException">A step failed; running again resumes.</exception>
    public static async Task<TrainingResult> RunAsync(AlignSettings settings, StageEnvironment environment, CancellationToken cancel)
    {
        TrainingSettings training = settings.Training;
        (ModelInput model, ModelInput reference, TrainedPart part, AlignObjective objective, PeakInputs? peak, AlarmInputs? alarm) =
            Input.Open(settings, environment);
        environment.Tell(part, model);
        using StageRun run = new(environment, Name);
        TokenizedData data = await run.Runner.RunAsync(objective.Rows, cancel).ConfigureAwait(false);
        TokenizedData? heldOut =
            objective.HeldOut is null ? null : await PairInputs.TokenizeAsync(run.Runner, objective.HeldOut, cancel).ConfigureAwait(false);
        ResponseLabels? labels = objective.Check(run.Runner);
        int total = TrainingRun.TotalSteps(training, data);
        IReadOnlyList<RowSegment> planned = training.Checkpoints.Cut(
            objective.Segment(new AlignRun(training, model, part, reference, data, total, environment.RowBudget)));
        HeldOutStep[] evaluations = heldOut is null ? [] :
        [
            .. planned.Where(segment => segment.KeepsWeights).Select(segment => objective.Evaluation(
                segment, segment.End * ((double)training.Epochs / total), reference, heldOut, environment.RowBudget)),
        ];
        PeakWatch? watch = peak is null ? null : new PeakWatch(peak, total);
        AlarmWatch? alarmed = alarm is null ? null : new AlarmWatch(alarm, total, training.Epochs);
        IReadOnlyList<TrainingSegment> segments = planned;
        if (watch is not null)
        {
            segments = await watch.RunAsync(run, planned, evaluations, environment.RowBudget, cancel).ConfigureAwait(false);
        }
        else if (alarmed is not null)
        {
            segments = await alarmed.RunAsync(run, planned, evaluations, environment.RowBudget, cancel).ConfigureAwait(false);
        }
        else
        {
            await TrainingRun.RunAsync(run, planned, evaluations, cancel).ConfigureAwait(false);
        }

        PeakRecord? stop = watch?.Record();
        AlarmRecord? said = alarmed?.Record();
        IReadOnlyList<string> checkpoints = TrainingRun.Publish(run, segments, stop?.Best.Step ?? alarmed?.Kept);
        RunFolder.WriteRecord(run.Directory, new
        {
            stage = Name,
            environment.Version,
            device = RunRecord.Of(run.Device),
            model = RunRecord.Of(model),
            adapter = part.Record,
            reference = RunRecord.Of(reference),
            loss = RunRecord.Of(settings.Loss),
            remedies = settings.Remedies.Select(RunRecord.Of),
            data = RunRecord.Of(objective.Rows, objective.Shape, data),
            labels,
            heldOut = heldOut is null ? null : RunRecord.Of(objective.HeldOut!, objective.HeldOutShape!, heldOut),
            training = RunRecord.Of(training, total),
            checkpoints,
            stop,
            alarm = said,
        });
        TrainingResult result = new(
            run.Directory, Path.Combine(run.Directory, "model"), checkpoints, data, segments[^1].End,
            run.Runner.Read(segments[^1]).Log[^1],
            evaluations.LastOrDefault(score => score.End <= segments[^1].End) is { } last ? run.Runner.Read(last) : null,
            run.Runner.Executed)
        {
            Stop = stop,
            Alarm = said,
            Labels = labels,
        };
        RunCard.Write(result, environment);
        return result;
    }

    /// <summary>What the user names, opened and found to fit together.</summary>
    private sealed record Input(
        ModelInput Model, ModelInput Reference, TrainedPart Part, AlignObjective Objective, PeakInputs? Peak, AlarmInputs? Alarm)
    {
        public static Input Open(AlignSettings settings, StageEnvironment environment)
        {
            TrainingSettings training = settings.Training;
            training.Checkpoints.Validate();
            ModelInput model = environment.Open(training.ModelPath);
            ModelInput reference = environment.Open(settings.ReferencePath);
            model.RequireSameVocabulary(reference);
            TokenizerFiles tokenizer = TokenizerFiles.Of(
                training.ModelPath, training.Data.Chat,
                [training.ModelPath, .. settings.Peak?.Judge is RewardJudgeChoice judge ? (string[])[judge.Folder] : []],
                environment.Note);
            training = training.For(tokenizer.Open(), environment.Note, model, reference);
            AlignObjective objective = AlignObjective.Of(settings with { Training = training }, tokenizer);
            PeakInputs? peak = settings.Peak is null ? null : PeakInputs.Check(settings, settings.Peak, model, reference, tokenizer);
            AlarmInputs? alarm =
                settings.Alarm is null ? null : AlarmInputs.Check(settings, settings.Alarm, model, reference, tokenizer, objective);
            TrainedPart part = TrainedPart.Of(model, training.Lora);
            objective.Require(part);
            return new Input(model, reference, part, objective, peak, alarm);
        }
    }
}
