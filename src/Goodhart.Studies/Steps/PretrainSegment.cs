using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Steps;

/// <summary>Part of a base model's pre-training on the world's broad texts: the stand-in for a model somebody else trained.</summary>
/// <remarks>Cut into parts so that an interrupted run loses little; the cuts change no bit of the result.</remarks>
public sealed record PretrainSegment : Step<TrainedModel>
{
    public required ulong WorldSeed { get; init; }

    public required StudyModel Model { get; init; }

    public required PretrainDefinition Training { get; init; }

    /// <summary>Updates done at the end of this part.</summary>
    public required int End { get; init; }

    public PretrainSegment? Previous { get; init; }

    public override string Label => $"pre-train {Model.Name} to update {End}";

    public override double EstimatedCost => (End - (Previous?.End ?? 0)) * Training.BatchSize
        * ModelFiles.Shape(Model).Training(ModelFiles.PromptTokens, ModelFiles.ResponseTokens, 1, promptRead: true);

    public override long EstimatedBytes => ModelFiles.Shape(Model).WeightBytes;

    public override IReadOnlyList<string> DisposableFiles => [ModelFiles.Optimizer, ModelFiles.Model];

    public override IReadOnlyList<FileNeed> Needs =>
        Previous is null ? [] : [new(Previous, ModelFiles.Optimizer), new(Previous, ModelFiles.Model)];

    protected override Task<TrainedModel> RunAsync(StepContext context, CancellationToken cancel)
    {
        IDevice device = context.Service<IDevice>();
        using LanguageModel model = Previous is null
            ? ModelFiles.Config(Model).Create(device, training: true)
            : ModelFiles.Load(device, context.DirectoryOf(Previous), training: true);
        if (Previous is null)
        {
            WeightInitializer.Initialize(model, WorldSeed);
        }

        TrainingOptions options = new()
        {
            Optimizer = Training.Optimizer.Create(),
            LearningRate = new CosineSchedule { Peak = Model.PretrainLearningRate, WarmupSteps = Training.WarmupSteps },
            BatchSize = Training.BatchSize,
            ClipNorm = Training.ClipNorm,
        };
        using SupervisedTrainer trainer = new(model, options, new TokenMean { PromptWeight = Training.PromptWeight });
        if (Previous is not null)
        {
            ModelFiles.Restore(context.DirectoryOf(Previous), trainer.Updater.State, Previous.End);
        }

        SupervisedRun run = new(
            model, trainer, [.. context.Service<WorldRows>().Pretraining(WorldSeed, Training.Examples).Select(row => row.Tokens)],
            Training.BatchSize, readsPrompt: true);
        TrainedModel result = run.Run(End, context, cancel);
        ModelFiles.Save(context.OutputDirectory, model, trainer.Updater.State);
        return Task.FromResult(result);
    }
}
