using Goodhart.Alignment.Losses;
using Goodhart.Alignment.PolicyGradient;
using Goodhart.Engine;
using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Worlds;

namespace Goodhart.Studies.Steps;

/// <summary>Part of a PPO run against a learned reward model, Eq. (3): collections of samples, scores and updates.</summary>
public sealed record PolicyGradientSegment : PolicySegment
{
    private const string Value = "value";
    private const string ValueOptimizer = "value-optimizer.safetensors";

    public required TrainReward Reward { get; init; }

    public required PpoDefinition Training { get; init; }

    /// <summary>Coefficient of the KL penalty.</summary>
    public required double Coefficient { get; init; }

    /// <summary>Longest response, tokens.</summary>
    public required int MaxNewTokens { get; init; }

    /// <summary>Collections of the whole run.</summary>
    public required int Total { get; init; }

    public PolicyGradientSegment? Previous { get; init; }

    /// <summary>2: a collection's gold reward beside its score.</summary>
    protected override int Version => 2;

    public override string Method => RlhfMethods.Ppo;

    public override double Beta => Coefficient;

    public override long Examples => (long)End * Training.Prompts * Training.SamplesPerPrompt;

    public override PreferenceLoss? PairLoss => null;

    public override string Label => FormattableString.Invariant($"ppo β={Coefficient} {Model.Name}{Seed()} to {Fraction:P0}");

    public override double EstimatedCost
    {
        get
        {
            ModelShape flops = ModelFiles.Shape(Model);
            double episodes = (End - (Previous?.End ?? 0)) * (double)Training.Prompts;
            double forward = flops.Forward(ModelFiles.PromptTokens, ModelFiles.SampledTokens, Training.SamplesPerPrompt);
            double update = flops.Training(ModelFiles.PromptTokens, ModelFiles.SampledTokens, Training.SamplesPerPrompt);
            return episodes * ((5 * forward) + (2 * Training.Epochs * update));
        }
    }

    public override long EstimatedBytes => 4 * ModelFiles.Shape(Model).WeightBytes;

    public override IReadOnlyList<string> DisposableFiles =>
        [.. KeepsOptimizer ? (string[])[] : [ModelFiles.Optimizer, Value, ValueOptimizer], .. KeepsWeights ? (string[])[] : [ModelFiles.Model]];

    public override IReadOnlyList<FileNeed> Needs =>
    [
        new(Sft, ModelFiles.Model), new(Reward, ModelFiles.Model),
        .. Previous is null
            ? (FileNeed[])[]
            : [new(Previous, ModelFiles.Model), new(Previous, ModelFiles.Optimizer), new(Previous, Value), new(Previous, ValueOptimizer)],
    ];

    protected override Task<TrainedModel> RunAsync(StepContext context, CancellationToken cancel)
    {
        IDevice device = context.Service<IDevice>();
        string sft = context.DirectoryOf(Sft);
        string start = Previous is null ? sft : context.DirectoryOf(Previous);
        using LanguageModel reference = ModelFiles.Load(device, sft, training: false);
        using LanguageModel policy = ModelFiles.Load(device, start, training: true);
        using LanguageModel value = Previous is null
            ? ScoreModel.From(policy, Sft.WorldSeed, training: true)
            : ModelFiles.LoadScore(device, start, Value, training: true);
        using PpoTrainer trainer = new(policy, value, Training.Options(Coefficient, Reward.Pairs.WorldSeed));
        if (Previous is not null)
        {
            TrainedModel before = context.Get(Previous);
            ModelFiles.Restore(start, trainer.Policy.State, PolicyUpdates(Previous.End));
            ModelFiles.Restore(start, trainer.Value.State, Previous.End * Training.Epochs * Training.MiniBatches, ValueOptimizer);
            trainer.Restore(before.KlCoefficient ?? Coefficient, Previous.End);
        }

        LanguageModel reward = ModelFiles.LoadScore(device, context.DirectoryOf(Reward), ModelFiles.Model, training: false);
        using EpisodeCollector episodes = new(
            policy, reference,
            new CombinedReward([reward], [new RewardLevel(context.Get(Reward).Level, 1)], new MeanEnsemble(), ResponseScorer.DefaultRowBudget));
        Collector collector = new(this, episodes, context);
        TrainedModel result = Run(trainer, collector, context, cancel);
        ModelFiles.Save(context.OutputDirectory, policy, trainer.Policy.State);
        ModelFiles.Save(context.OutputDirectory, value, trainer.Value.State, Value, ValueOptimizer);
        return Task.FromResult(result);
    }

    private TrainedModel Run(PpoTrainer trainer, Collector collector, StepContext context, CancellationToken cancel)
    {
        RunProgress progress = new(context, trainer.Collections, End);
        List<PolicyGradientReport> reports = [];
        while (trainer.Collections < End)
        {
            cancel.ThrowIfCancellationRequested();
            (Collected collected, double gold) = collector.Collect(trainer.Collections, cancel);
            PolicyGradientReport report = trainer.Step(collected.Episodes, Total) with { Gold = gold };
            reports.Add(report);
            progress.Update(trainer.Collections, collected.Tokens, $"collection {trainer.Collections}/{Total}", new Dictionary<string, double>
            {
                ["objective/kl"] = report.Kl,
                ["objective/scores"] = report.Scores,
                ["objective/gold"] = gold,
                ["val/ratio"] = report.Ratio,
            });
        }

        return new TrainedModel(End, Examples, reports.TakeLast(10).Average(report => report.PolicyLoss), EstimatedCost, [])
        {
            KlCoefficient = trainer.Coefficient,
            Collections = reports,
        };
    }

    /// <summary>The policy rests while the value model warms up.</summary>
    private int PolicyUpdates(int collections) => Math.Max(0, collections - Training.ValueWarmup) * Training.Epochs * Training.MiniBatches;

    private string Seed() => Reward.Pairs.AlignmentSeed == 0 ? "" : FormattableString.Invariant($" seed {Reward.Pairs.AlignmentSeed}");

    /// <summary>A collection's prompts and noise are addressed by its number, whatever part of the run it is in.</summary>
    private sealed class Collector(PolicyGradientSegment run, EpisodeCollector episodes, StepContext context)
    {
        private readonly WorldPair[] pairs = context.Service<WorldRows>().Pairs(run.Reward.Pairs);
        private readonly int[] order = new RandomStream(
            run.Reward.Pairs.WorldSeed, "policy-gradient prompts", (uint)run.Reward.Pairs.AlignmentSeed).Permutation(run.Reward.Pairs.Count);

        /// <returns>The gold is the world's own reward of the same episodes, their mean; PPO never sees it.</returns>
        public (Collected Collected, double Gold) Collect(int collection, CancellationToken cancel)
        {
            PpoDefinition training = run.Training;
            WorldPair[] rows =
                [.. Enumerable.Range(0, training.Prompts).Select(i => pairs[order[(int)(((long)collection * training.Prompts) + i) % order.Length]])];
            SamplingOptions options = new(
                TldrWorld.Eos, run.MaxNewTokens, run.Reward.Pairs.WorldSeed,
                FormattableString.Invariant($"policy-gradient samples/{run.Reward.Pairs.AlignmentSeed}/{collection}"))
            {
                SamplesPerPrompt = training.SamplesPerPrompt,
            };
            Collected collected = episodes.Collect([.. rows.Select(row => new SamplingPrompt(row.Id, row.Post.Prompt))], options, cancel);
            return (collected, collected.Episodes.Select((e, i) => GoldReward.Score(rows[i / training.SamplesPerPrompt].Post, e.Tokens).Reward).Average());
        }
    }
}
