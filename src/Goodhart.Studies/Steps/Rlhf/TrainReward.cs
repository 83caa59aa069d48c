using Goodhart.Alignment.Rewards;
using Goodhart.Engine;
using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Worlds;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Steps;

/// <summary>Trains the reward model of classical RLHF on the preference pairs that direct alignment sees: Eq. (2), one epoch.</summary>
public sealed record TrainReward : Step<TrainedReward>
{
    public required SftModel Sft { get; init; }

    public required PairSource Pairs { get; init; }

    public required PairSource HeldOut { get; init; }

    public required RewardDefinition Training { get; init; }

    public override string Label => $"reward model {Sft.Model.Name}";

    public override double EstimatedCost =>
        Pairs.Count * ModelFiles.Shape(Sft.Model).Training(ModelFiles.PromptTokens, ModelFiles.ResponseTokens, 2);

    public override long EstimatedBytes => ModelFiles.Shape(Sft.Model).WeightBytes;

    public override IReadOnlyList<FileNeed> Needs => [new(Sft, ModelFiles.Model)];

    /// <summary>Rewards of responses, less the model's mean over held-out pairs: the same whatever the model's own level.</summary>
    internal static double[][] Score(IDevice device, StepContext context, TrainReward step, IReadOnlyList<PromptTree> trees, CancellationToken cancel)
    {
        using LanguageModel model = ModelFiles.LoadScore(device, context.DirectoryOf(step), ModelFiles.Model, training: false);
        using RewardScorer scorer = new(model);
        double level = context.Get(step).Level;
        return [.. scorer.Rewards(trees, cancel).Select(rewards => Array.ConvertAll(rewards, reward => reward - level))];
    }

    protected override Task<TrainedReward> RunAsync(StepContext context, CancellationToken cancel)
    {
        IDevice device = context.Service<IDevice>();
        WorldRows world = context.Service<WorldRows>();
        using LanguageModel language = ModelFiles.Load(device, context.DirectoryOf(Sft), training: false);
        using LanguageModel model = ScoreModel.From(language, Sft.WorldSeed, training: true);
        using RewardTrainer trainer = new(model, Training.Options());
        TokenizedPair[] pairs = [.. world.Pairs(Pairs).Select(pair => pair.Tokens)];
        int[] order = new RandomStream(Pairs.WorldSeed, "reward data order", (uint)Pairs.AlignmentSeed).Permutation(pairs.Length);
        int steps = pairs.Length / Training.BatchSize;
        RunProgress progress = new(context, 0, steps);
        List<double> losses = [];
        for (int step = 0; step < steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            TokenizedPair[] batch = [.. order[(step * Training.BatchSize)..((step + 1) * Training.BatchSize)].Select(row => pairs[row])];
            RewardReport report = trainer.Step(batch, [], steps);
            losses.Add(report.Loss);
            progress.Update(
                step + 1, batch.Sum(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length), $"update {step + 1}/{steps}",
                new Dictionary<string, double> { ["loss"] = report.Loss, ["rewards/accuracies"] = report.Accuracy, ["rewards/margins"] = report.Margin });
        }

        ModelFiles.Save(context.OutputDirectory, model, trainer.Updater.State);
        return Task.FromResult(Describe(model, world.Pairs(HeldOut), losses.TakeLast(50).Average(), cancel));
    }

    private static TrainedReward Describe(LanguageModel model, WorldPair[] heldOut, double loss, CancellationToken cancel)
    {
        using RewardScorer scorer = new(model);
        double[][] rewards = scorer.Rewards([.. heldOut.Select(pair => new PromptTree(pair.Post.Prompt, [pair.Chosen, pair.Rejected]))], cancel);
        double[] all = [.. rewards.SelectMany(pair => pair)];
        double level = all.Average();
        return new TrainedReward(
            loss,
            level,
            Math.Sqrt(all.Sum(reward => (reward - level) * (reward - level)) / (all.Length - 1)),
            RewardCalibration.Of([.. rewards.Select(pair => pair[0] - pair[1])]));
    }
}

/// <summary>A reward model (the step's files), and how good it is on held-out pairs.</summary>
/// <param name="Loss">Mean training loss over the last updates, nats.</param>
/// <param name="Level">Mean reward of the held-out pairs' responses: taken off wherever the model scores.</param>
/// <param name="Spread">Their standard deviation.</param>
public sealed record TrainedReward(double Loss, double Level, double Spread, RewardCalibration HeldOut);
