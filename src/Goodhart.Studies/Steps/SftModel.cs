using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Steps;

/// <summary>Supervised fine-tuning on the reference summaries: π_SFT, which every aligned run starts from and is measured against.</summary>
public sealed record SftModel : Step<TrainedModel>
{
    public required ulong WorldSeed { get; init; }

    public required StudyModel Model { get; init; }

    public required SftDefinition Training { get; init; }

    public required PretrainSegment Base { get; init; }

    public override string Label => $"SFT {Model.Name}";

    public override double EstimatedCost =>
        Training.Examples * ModelFiles.Shape(Model).Training(ModelFiles.PromptTokens, ModelFiles.ResponseTokens, 1);

    public override long EstimatedBytes => 2 * ModelFiles.Shape(Model).WeightBytes;

    public override IReadOnlyList<FileNeed> Needs => [new(Base, ModelFiles.Model)];

    protected override Task<TrainedModel> RunAsync(StepContext context, CancellationToken cancel)
    {
        IDevice device = context.Service<IDevice>();
        using LanguageModel model = ModelFiles.Load(device, context.DirectoryOf(Base), training: true);
        TrainingOptions options = new()
        {
            Optimizer = Training.Optimizer.Create(),
            LearningRate = new ConstantSchedule { Peak = Training.LearningRate, WarmupSteps = Training.WarmupSteps },
            BatchSize = Training.BatchSize,
            ClipNorm = Training.ClipNorm,
        };
        SupervisedLoss loss = Training.Reduction == SftReduction.TokenMean ? new TokenMean() : new SequenceMean();
        using SupervisedTrainer trainer = new(model, options, loss);
        SupervisedRun run = new(
            model, trainer, [.. context.Service<WorldRows>().Sft(WorldSeed, Training.Examples).Select(row => row.Tokens)],
            Training.BatchSize, readsPrompt: false);
        TrainedModel result = run.Run(run.TotalSteps, context, cancel);
        ModelFiles.Save(context.OutputDirectory, model, trainer.Updater.State);
        return Task.FromResult(result);
    }
}
