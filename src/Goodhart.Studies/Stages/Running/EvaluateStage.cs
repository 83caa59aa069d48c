using Goodhart.Alignment.Losses;
using Goodhart.Pipeline;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Stages.Training;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Stages.Running;

/// <summary>Checkpoints of any origin, measured against one reference on the same prompts with the same noise.</summary>
public static class EvaluateStage
{
    /// <exception cref="InvalidDataException">Models, data or folder cannot be used; nothing was started.</exception>
    /// <exception cref="StepFailedException">A step failed; running again resumes.</exception>
    public static async Task<EvaluationResult> RunAsync(EvaluateSettings settings, StageEnvironment environment, CancellationToken cancel)
    {
        ModelInput reference = ModelInput.Open(settings.ReferencePath);
        (string Name, ModelInput Model)[] checkpoints =
            [.. settings.Checkpoints.SelectMany(CheckpointFolders.Of).Select(path => (path, ModelInput.Open(path)))];
        Array.ForEach(checkpoints, checkpoint => checkpoint.Model.RequireSameVocabulary(reference));
        TokenizerFiles tokenizer = TokenizerFiles.Of(settings.ReferencePath);
        int positions = checkpoints.Select(checkpoint => checkpoint.Model.Config.MaxPositions).Append(reference.Config.MaxPositions).Min();
        TokenizePrompts prompts = PromptFile.LeavingRoom(
            settings.PromptsPath, settings.Reading, tokenizer, positions, settings.MaxPromptTokens, settings.Sampling.MaxNewTokens) with
        {
            Limit = settings.PromptLimit,
        };
        PromptFile.Check(prompts.Source);
        TokenizePairs? pairs = HeldOut(settings, tokenizer, positions);
        PreferenceLoss? loss = pairs is null ? null : LossCatalogue.RequirePairs(settings.Loss);
        if (pairs is not null)
        {
            PairFile.RequirePairs(pairs.Source);
        }

        using StageRun run = new(environment, "evaluate");
        TokenizedData data = await run.Runner.RunAsync(prompts, cancel).ConfigureAwait(false);
        HeldOutPairs? heldOut = null;
        if (pairs is not null)
        {
            TokenizedData pairData = await PairFile.TokenizeAsync(run.Runner, pairs, cancel).ConfigureAwait(false);
            heldOut = new HeldOutPairs(pairs, PairFile.Scores(reference, pairs, pairData, environment.RowBudget), loss!);
        }

        if (data.Rows == 0)
        {
            throw new InvalidDataException(data.NoRows(settings.PromptsPath));
        }

        MeasureCheckpoint[] steps =
        [
            .. checkpoints.Prepend((settings.ReferencePath, reference)).Select(
                checkpoint => Measure(checkpoint, reference, prompts, data, heldOut, settings, environment.RowBudget)),
        ];
        await run.Runner.RunAsync(steps, cancel).ConfigureAwait(false);
        EvaluatedFolder[] rows =
        [
            .. steps.Select((step, i) => new EvaluatedFolder(
                i == 0 ? "reference" : step.CheckpointName, i == 0 ? null : CheckpointFolders.StepOf(step.CheckpointName), run.Runner.Read(step))),
        ];
        Publish(run, settings, environment, reference, checkpoints, steps, rows, prompts, data);
        return new EvaluationResult(run.Directory, data.Rows, rows, run.Runner.Executed);
    }

    private static TokenizePairs? HeldOut(EvaluateSettings settings, TokenizerFiles tokenizer, int positions) => settings.HeldOutPath is { } path
        ? new() { Source = new StageData(settings.Reading, new LengthBudget(positions), new KeepEnd()).Source(path, tokenizer) }
        : null;

    private static MeasureCheckpoint Measure(
        (string Name, ModelInput Model) checkpoint, ModelInput reference, TokenizePrompts prompts, TokenizedData data, HeldOutPairs? heldOut,
        EvaluateSettings settings, int rowBudget)
    {
        ResponseSampling sampling = settings.Sampling;
        return new MeasureCheckpoint
        {
            Policy = new NamedFolder(checkpoint.Model.Folder),
            Reference = new NamedFolder(reference.Folder),
            Prompts = prompts,
            Sampling = sampling,
            HeldOut = heldOut,
            CheckpointName = checkpoint.Name,
            RowBudget = rowBudget,
            Cost = MeasureCheckpoint.CostOf(reference.Config, sampling, data, heldOut),
            Bytes = MeasureCheckpoint.BytesOf(sampling, data),
        };
    }

    private static void Publish(
        StageRun run, EvaluateSettings settings, StageEnvironment environment, ModelInput reference, (string Name, ModelInput Model)[] checkpoints,
        MeasureCheckpoint[] steps, EvaluatedFolder[] rows, TokenizePrompts prompts, TokenizedData data)
    {
        EvaluationFile.Write(run.Directory, rows);
        RunFolder.WriteRecord(run.Directory, new
        {
            stage = "evaluate",
            environment.Version,
            device = RunRecord.Of(run.Device),
            reference = RunRecord.Of(reference),
            prompts = RunRecord.Of(prompts, "prompts", data),
            settings.Sampling,
            heldOut = settings.HeldOutPath is null ? null : new { path = settings.HeldOutPath, loss = RunRecord.Of(settings.Loss) },
            checkpoints = rows.Select((row, i) => new
            {
                row.Checkpoint,
                row.Step,
                sha256 = (i == 0 ? reference : checkpoints[i - 1].Model).Folder.Sha256,
                responses = Path.GetRelativePath(run.Directory, Path.Combine(run.Runner.DirectoryOf(steps[i]), MeasureCheckpoint.ResponsesFile)),
                row.Measures,
            }),
        });
    }
}
