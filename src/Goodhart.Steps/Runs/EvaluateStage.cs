using Goodhart.Alignment.Losses;
using Goodhart.Evaluation.Judges;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Runs;

/// <summary>Checkpoints of any origin, measured against one reference on the same prompts with the same noise.</summary>
public static class EvaluateStage
{
    /// <exception cref="InvalidDataException">Models, data or folder cannot be used; nothing was started.</exception>
    /// <exception cref="StepFailedException">A step failed; running again resumes.</exception>
    public static async Task<EvaluationResult> RunAsync(EvaluateSettings settings, StageEnvironment environment, CancellationToken cancel)
    {
        EvaluationInputs inputs = EvaluationInputs.Check(settings, environment);
        using StageRun run = new(environment, "evaluate");
        TokenizedData data = Required(await run.Runner.RunAsync(inputs.Prompts, cancel).ConfigureAwait(false), settings);
        HeldOutPairs? heldOut = null;
        TokenizedData? pairData = null;
        if (inputs.Pairs is not null)
        {
            pairData = await PairInputs.TokenizeAsync(run.Runner, inputs.Pairs, cancel).ConfigureAwait(false);
            heldOut = new HeldOutPairs(
                inputs.Pairs, PairInputs.Scores(
                    inputs.Reference, inputs.Pairs, pairData, environment.RowBudget), LossCatalogue.RequirePairs(settings.Loss));
        }

        MeasureCheckpoint[] steps =
        [
            .. inputs.Checkpoints.Prepend((settings.ReferencePath, inputs.Reference)).Select(
                checkpoint => Measure(checkpoint, inputs.Reference, inputs.Prompts, data, heldOut, settings, environment.RowBudget)),
        ];
        await run.Runner.RunAsync(steps, cancel).ConfigureAwait(false);
        EvaluatedFolder[] rows =
        [
            .. steps.Select((step, i) => new EvaluatedFolder(
                i == 0
                    ? "reference"
                    : step.CheckpointName, i == 0
                    ? null
                    : CheckpointFolders.StepOf(step.CheckpointName), run.Runner.Read(step))),
        ];
        Publish(run, settings, environment, inputs.Reference, inputs.Checkpoints, steps, rows, inputs.Prompts, data);
        return new EvaluationResult(run.Directory, data.Rows, rows, run.Runner.Executed)
        {
            Data = data,
            HeldOut = pairData,
            Judged = settings.Judge is { } judge
                ? await JudgeAsync(run, judge, SampledPairs.Of(inputs.Prompts, steps), settings, rows, cancel).ConfigureAwait(false)
                : null,
        };
    }

    /// <summary>What a judge would be asked and paid: at most, as long as nothing is sampled. Runs and writes nothing.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public static EvaluationResult Plan(EvaluateSettings settings, StageEnvironment environment, CancellationToken cancel)
    {
        EvaluationInputs inputs = EvaluationInputs.Check(settings, environment);
        TokenizedData data = Required(inputs.Prompts.Count(cancel), settings);
        return new EvaluationResult(Path.GetFullPath(environment.Directory), data.Rows, [], 0)
        {
            Data = data,
            JudgeForecast = settings.Judge?.AtMost(data, settings.Sampling, inputs.Checkpoints.Count + 1),
        };
    }

    private static TokenizedData Required(TokenizedData data, EvaluateSettings settings) => data.Rows > 0
        ? data
        : throw new InvalidDataException(data.NoRows(settings.PromptsPath));

    private static async Task<JudgedFolders> JudgeAsync(
        StageRun run, JudgeChoice judge, SampledPairs pairs, EvaluateSettings settings, EvaluatedFolder[] rows,
        CancellationToken cancel)
    {
        using JudgeSession session = JudgeSession.Open(judge, run.Directory);
        run.Services.Add(session).Add(settings.Judging ?? new Progress<JudgeProgress>());
        IReadOnlyList<PairJudgement> judgements =
            await JudgePairs.JudgeAsync(run.Runner, session, pairs, run.Directory, cancel).ConfigureAwait(false);
        return EvaluationPoints.Write(
            run.Directory, settings, rows, pairs.ByCheckpoint(run.Runner.DirectoryOf), judgements);
    }

    private static MeasureCheckpoint Measure(
        (string Name, ModelInput Model) checkpoint, ModelInput reference, TokenizePrompts prompts, TokenizedData data,
        HeldOutPairs? heldOut,
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
        StageRun run, EvaluateSettings settings, StageEnvironment environment, ModelInput reference,
        IReadOnlyList<(string Name, ModelInput Model)> checkpoints,
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
                responses = Path.GetRelativePath(
                    run.Directory, Path.Combine(run.Runner.DirectoryOf(steps[i]), MeasureCheckpoint.ResponsesFile)),
                row.Measures,
            }),
        });
    }
}
