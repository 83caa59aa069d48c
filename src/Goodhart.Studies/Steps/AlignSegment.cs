using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Worlds;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Steps;

/// <summary>Part of an alignment run, from one checkpoint to the next: weights and optimizer state in, the same out.</summary>
/// <remarks>Training never evaluates. The data order is a permutation addressed by (world seed, alignment seed): all runs share it.</remarks>
public sealed record AlignSegment : PolicySegment
{
    public required PreferenceLoss Loss { get; init; }

    public required AlignTraining Training { get; init; }

    /// <summary>Sft's log-probs of the training pairs.</summary>
    public required ReferenceLogProbs Reference { get; init; }

    public AlignSegment? Previous { get; init; }

    public override string Method => Loss.Name;

    public override double Beta => Loss.Beta;

    public override long Examples => (long)End * Training.BatchSize;

    public override PreferenceLoss PairLoss => Loss;

    public int TotalSteps => Reference.Pairs.Count / Training.BatchSize;

    public override string Label => FormattableString.Invariant($"{StudyLabel.Of(Loss)} {Model.Name}{Seed()} to {Fraction:P0}");

    public override double EstimatedCost => (End - (Previous?.End ?? 0)) * Training.BatchSize
        * ModelFiles.Shape(Model).Training(ModelFiles.PromptTokens, ModelFiles.ResponseTokens, 2);

    public override long EstimatedBytes => (KeepsWeights ? ModelFiles.Shape(Model).WeightBytes : 0) + (KeepsOptimizer ? ModelFiles.Shape(Model).WeightBytes : 0);

    public override IReadOnlyList<string> DisposableFiles =>
        [.. KeepsOptimizer ? (string[])[] : [ModelFiles.Optimizer], .. KeepsWeights ? (string[])[] : [ModelFiles.Model]];

    public override IReadOnlyList<FileNeed> Needs =>
        Previous is null ? [] : [new(Previous, ModelFiles.Optimizer), new(Previous, ModelFiles.Model)];

    protected override Task<TrainedModel> RunAsync(StepContext context, CancellationToken cancel)
    {
        IDevice device = context.Service<IDevice>();
        WorldPair[] pairs = context.Service<WorldRows>().Pairs(Reference.Pairs);
        ReferencePair[] reference = context.Get(Reference);
        string start = Previous is null ? context.DirectoryOf(Sft) : context.DirectoryOf(Previous);
        using LanguageModel policy = ModelFiles.Load(device, start, training: true);
        using PreferenceTrainer trainer = new(policy, Training.Options(), Loss);
        if (Previous is not null)
        {
            ModelFiles.Restore(start, trainer.Updater.State, Previous.End);
        }

        TrainedModel result = Run(policy, trainer, pairs, reference, context, cancel);
        ModelFiles.Save(context.OutputDirectory, policy, trainer.Updater.State);
        return Task.FromResult(result);
    }

    private TrainedModel Run(
        LanguageModel policy, PreferenceTrainer trainer, WorldPair[] pairs, ReferencePair[] reference, StepContext context,
        CancellationToken cancel)
    {
        int[] order = new RandomStream(
            Reference.Pairs.WorldSeed, "alignment data order", (uint)Reference.Pairs.AlignmentSeed).Permutation(pairs.Length);
        ModelShape flops = policy.Shape;
        int first = trainer.Updater.State.Steps;
        RunProgress progress = new(context, first, End);
        List<UpdateRow> log = [];
        double work = 0;
        for (int step = first; step < End; step++)
        {
            cancel.ThrowIfCancellationRequested();
            int[] rows = order[(step * Training.BatchSize)..((step + 1) * Training.BatchSize)];
            TokenizedPair[] batch = [.. rows.Select(row => pairs[row].Tokens)];
            PreferenceReport report = trainer.Step(batch, [.. rows.Select(row => reference[row])], TotalSteps);
            if (step == 0)
            {
                StepZeroCheck.Require(Loss, report);
            }

            log.Add(Row(step, report));
            work += batch.Sum(pair => flops.Training(pair.Prompt.Length, (pair.Chosen.Length + pair.Rejected.Length - 2) / 2.0, 2));
            progress.Update(
                step + 1, batch.Sum(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length), $"update {step + 1}/{TotalSteps}",
                new Dictionary<string, double> { ["loss"] = report.Loss, ["rewards/accuracies"] = report.Accuracy, ["rewards/margins"] = report.Margin });
        }

        return new TrainedModel(End, (long)End * Training.BatchSize, log.TakeLast(50).Average(row => row.Loss), work, log);
    }

    private static UpdateRow Row(int step, PreferenceReport report) => new(
        step, report.Loss, report.Update.GradientNorm, report.Update.LearningRate, report.Accuracy, report.Margin, report.RewardChosen,
        report.RewardRejected, report.LogProbChosen, report.LogProbRejected);

    private string Seed() => Reference.Pairs.AlignmentSeed == 0
        ? ""
        : FormattableString.Invariant($" seed {Reference.Pairs.AlignmentSeed}");
}

/// <summary>How aligned runs are trained: what is common to all of a study's losses and β.</summary>
public sealed record AlignTraining(int BatchSize, OptimizerDefinition Optimizer, double LearningRate, int WarmupSteps, double ClipNorm)
{
    public TrainingOptions Options() => new()
    {
        Optimizer = Optimizer.Create(),
        LearningRate = new ConstantSchedule { Peak = LearningRate, WarmupSteps = WarmupSteps },
        BatchSize = BatchSize,
        ClipNorm = ClipNorm,
    };
}
