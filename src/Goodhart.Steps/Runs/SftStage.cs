using Goodhart.Alignment.Training;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Runs;

/// <summary>Supervised fine-tuning of a Hugging Face folder on a file of examples.</summary>
public static class SftStage
{
    private const string Name = "sft";

    /// <summary>What <see cref="RunAsync"/> would do and the memory it would take; runs and writes nothing.</summary>
    /// <exception cref="InvalidDataException">Model or data cannot be used.</exception>
    public static StagePlan Plan(TrainingSettings settings, SupervisedLoss loss, StageEnvironment environment, DeviceMemory memory)
    {
        (ModelInput model, TrainedPart part, TokenizeExamples rows) = Open(settings, environment);
        RowPass pass = rows.Source.Open();
        TokenizedExample[] examples = [.. pass.Examples(null)];
        TokenizedData data = pass.Account(examples.Length);
        int total = TrainingRun.TotalSteps(settings, data);
        SegmentSize size = TrainingRun.Size(model.Config, settings.Recipe, data, responses: 1, part.OfAdapter);
        TrainingRehearsal rehearsal = new(model.Config, settings.Recipe, settings.Seed, total);
        return new StagePlan(Name, data, total, total * size.FlopsPerUpdate, MemoryPlan.Of(
            environment.Choice(part, memory), choice => rehearsal.Supervised(choice, loss, examples),
            examples.Max(row => row.Prompt.Length + row.Response.Length - 1), part.Adapter is not null));
    }

    /// <exception cref="InvalidDataException">Model, data or folder cannot be used; nothing was started.</exception>
    /// <exception cref="Pipeline.StepFailedException">A step failed; running again resumes.</exception>
    public static async Task<TrainingResult> RunAsync(
        TrainingSettings settings, SupervisedLoss loss, StageEnvironment environment, CancellationToken cancel)
    {
        (ModelInput model, TrainedPart part, TokenizeExamples rows) = Open(settings, environment);
        string shape = rows.File.OpenData().Shape.Description;
        environment.Tell(part, model);
        using StageRun run = new(environment, Name);
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
            stage = Name,
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

    private static (ModelInput Model, TrainedPart Part, TokenizeExamples Rows) Open(TrainingSettings settings, StageEnvironment environment)
    {
        settings.Checkpoints.Validate();
        ModelInput model = environment.Open(settings.ModelPath);
        TokenizerFiles tokenizer = TokenizerFiles.Of(settings.ModelPath, settings.Data.Chat, environment.Note);
        StageData data = settings.For(tokenizer.Open(), environment.Note, model).Data;
        TokenizeExamples rows = new() { Source = data.Source(settings.DataPath, tokenizer) };
        return (model, TrainedPart.Of(model, settings.Lora), rows);
    }
}
