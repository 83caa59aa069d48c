using Goodhart.Pipeline;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Measuring;

namespace Goodhart.Studies.Stages.Running;

/// <summary>Checkpoints of any origin, measured against one reference on the same prompts with the same noise.</summary>
public static class EvaluateStage
{
    /// <exception cref="InvalidDataException">Models, data or folder cannot be used; nothing was started.</exception>
    /// <exception cref="StepFailedException">A step failed; running again resumes.</exception>
    public static async Task<EvaluationResult> RunAsync(EvaluateSettings settings, StageEnvironment environment, CancellationToken cancel)
    {
        EvaluationInputs inputs = EvaluationInputs.Of(settings);
        using StageRun run = new(environment, "evaluate");
        (TokenizedData data, MeasureCheckpoint[] steps) = await inputs.StepsAsync(run, environment.RowBudget, cancel).ConfigureAwait(false);
        await run.Runner.RunAsync(steps, cancel).ConfigureAwait(false);
        EvaluatedFolder[] rows =
        [
            .. steps.Select((step, i) => new EvaluatedFolder(
                i == 0 ? "reference" : step.CheckpointName, i == 0 ? null : CheckpointFolders.StepOf(step.CheckpointName), run.Runner.Read(step))),
        ];
        Publish(run, inputs, environment, steps, rows, data);
        return new EvaluationResult(run.Directory, data.Rows, rows, run.Runner.Executed);
    }

    /// <summary>Whether the folder has all that <see cref="RunAsync"/> would sample and measure. Touches no folder that is not ours already.</summary>
    /// <exception cref="InvalidDataException">Models or data cannot be used.</exception>
    public static async Task<bool> IsStoredAsync(EvaluateSettings settings, StageEnvironment environment, CancellationToken cancel)
    {
        EvaluationInputs inputs = EvaluationInputs.Of(settings);
        if (!StudyDirectory.IsOurs(environment.Directory))
        {
            return false;
        }

        using StageRun run = new(environment, "evaluate");
        Step[] files = inputs.Pairs is { } pairs ? [inputs.Prompts, pairs] : [inputs.Prompts];
        return !run.Runner.Plan(files).ToRun.Any()
            && !run.Runner.Plan((await inputs.StepsAsync(run, environment.RowBudget, cancel).ConfigureAwait(false)).Steps).ToRun.Any();
    }

    private static void Publish(
        StageRun run, EvaluationInputs inputs, StageEnvironment environment, MeasureCheckpoint[] steps, EvaluatedFolder[] rows, TokenizedData data)
    {
        EvaluateSettings settings = inputs.Settings;
        EvaluationFile.Write(run.Directory, rows);
        RunFolder.WriteRecord(run.Directory, new
        {
            stage = "evaluate",
            environment.Version,
            device = RunRecord.Of(run.Device),
            reference = RunRecord.Of(inputs.Reference),
            prompts = RunRecord.Of(inputs.Prompts, "prompts", data),
            settings.Sampling,
            heldOut = settings.HeldOutPath is null ? null : new { path = settings.HeldOutPath, loss = RunRecord.Of(settings.Loss) },
            checkpoints = rows.Select((row, i) => new
            {
                row.Checkpoint,
                row.Step,
                sha256 = (i == 0 ? inputs.Reference : inputs.Checkpoints[i - 1].Model).Folder.Sha256,
                responses = Path.GetRelativePath(run.Directory, Path.Combine(run.Runner.DirectoryOf(steps[i]), MeasureCheckpoint.ResponsesFile)),
                row.Measures,
            }),
        });
    }
}
