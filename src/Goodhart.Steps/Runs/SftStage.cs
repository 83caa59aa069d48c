using Goodhart.Alignment.Training;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Runs;

/// <summary>Supervised fine-tuning of a Hugging Face folder on a file of examples.</summary>
public static class SftStage
{
    /// <exception cref="InvalidDataException">Model, data or folder cannot be used; nothing was started.</exception>
    /// <exception cref="Pipeline.StepFailedException">A step failed; running again resumes.</exception>
    public static async Task<TrainingResult> RunAsync(
        TrainingSettings settings, SupervisedLoss loss, StageEnvironment environment, CancellationToken cancel)
    {
        settings.Checkpoints.Validate();
        ModelInput model = environment.Open(settings.ModelPath);
        TokenizerFiles tokenizer = TokenizerFiles.Of(settings.ModelPath, settings.Data.Chat, environment.Note);
        TokenizeExamples rows = new() { Source = settings.Data.Source(settings.DataPath, tokenizer) };
        model.Require(tokenizer.Open(), settings.Data.Budget);
        string shape = rows.File.OpenData().Shape.Description;

        TrainedPart part = TrainedPart.Of(model, settings.Lora);
        environment.Tell(part, model);
        using StageRun run = new(environment, "sft");
        TokenizedData data = await run.Runner.RunAsync(rows, cancel).ConfigureAwait(false);
        int total = TrainingRun.TotalSteps(settings, data);
        IReadOnlyList<SftSegment> segments = settings.Checkpoints.Cut(new SftSegment
        {
            Model = new NamedFolder(model.Folder),
            Lora = part.New,
            Rows = rows,
            Recipe = settings.Recipe,
            Loss = loss,
            Seed = settings.Seed,
            End = total,
            TotalSteps = total,
            RowBudget = environment.RowBudget,
            Size = TrainingRun.Size(model.Config, settings.Recipe, data, responses: 1, part.OfAdapter),
        });
        IReadOnlyList<MetricRow> log = await TrainingRun.RunAsync(run, segments, [], cancel).ConfigureAwait(false);
        IReadOnlyList<string> checkpoints = TrainingRun.Publish(run, segments);
        RunFolder.WriteRecord(run.Directory, new
        {
            stage = "sft",
            environment.Version,
            device = RunRecord.Of(run.Device),
            model = RunRecord.Of(model),
            adapter = part.Record,
            data = RunRecord.Of(rows, shape, data),
            training = RunRecord.Of(settings, total),
            reduction = loss is TokenMean ? "tokenMean" : "sequenceMean",
            checkpoints,
        });
        TrainingResult result = new(
            run.Directory, Path.Combine(run.Directory, "model"), checkpoints, data, total, log[^1], null, run.Runner.Executed);
        RunCard.Write(result, environment);
        return result;
    }
}
