using Goodhart.Alignment.PolicyGradient;
using Goodhart.Engine;
using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Planning;

/// <summary>Collections of PPO or RLOO gone through on a device without memory; every response is as long as it may be.</summary>
/// <param name="Model">The policy's.</param>
/// <param name="Value">What the value model begins as, with one score; null: the policy's trunk. Read for PPO alone.</param>
/// <param name="Rewards">Of the reward models, and of those that only measure.</param>
public sealed record RolloutRehearsal(
    ModelConfig Model, ModelConfig? Value, IReadOnlyList<ModelConfig> Rewards, PolicyGradientOptions Options, ulong Seed)
{
    /// <summary>Collections that are gone through at most.</summary>
    private const int MostCollections = 20;

    /// <summary>No token that is drawn: a response never ends.</summary>
    private const int NoToken = -1;

    /// <param name="order">Prompts of each collection.</param>
    public MemoryUse Of(MemoryChoice choice, IReadOnlyList<SamplingPrompt[]> order, int samplesPerPrompt, int maxNewTokens) =>
        MemoryUse.Of(choice.Device, device =>
        {
            using LanguageModel policy = RehearsedModel.Trained(
                device, Model with { FurtherEosTokenIds = [] }, choice.Lora, OutputHead.Language);
            using LanguageModel reference = choice.Lora is null ? Model.Create(device, training: false) : policy.WithAdapter(null);
            using LanguageModel? value = Options is PpoOptions ? ValueModel(device, policy, choice) : null;
            using PolicyGradientTrainer trainer = Trainer(policy, value, choice);
            using CombinedReward reward = new(
                [.. Rewards.Select(config => config.Create(device, training: false))], [.. Rewards.Select(_ => RewardLevel.Raw)],
                new MeanEnsemble(), choice.RowBudget);
            using EpisodeCollector collector = new(policy, reference, reward, choice.RowBudget);
            SamplingOptions sampling = new(NoToken, maxNewTokens, Seed, "rehearsal") { SamplesPerPrompt = samplesPerPrompt };
            foreach (SamplingPrompt[] prompts in order.Take(MostCollections))
            {
                trainer.Step(collector.Collect(prompts, sampling, CancellationToken.None).Episodes, order.Count);
            }
        });

    private LanguageModel ValueModel(IDevice device, LanguageModel policy, MemoryChoice choice) => Value is null
        ? RehearsedModel.ScoreBeside(policy, choice.Lora)
        : RehearsedModel.Trained(device, Value, choice.Lora?.OnOther(Value), OutputHead.Score);

    private PolicyGradientTrainer Trainer(LanguageModel policy, LanguageModel? value, MemoryChoice choice) => Options switch
    {
        PpoOptions ppo => new PpoTrainer(policy, value!, ppo with { ValueWarmup = 0 }, Seed, choice.RowBudget, choice.Memory),
        RlooOptions rloo => new RlooTrainer(policy, rloo, Seed, choice.RowBudget, choice.Memory),
        _ => throw new NotSupportedException($"{Options.GetType().Name} is no method of a policy."),
    };
}
