using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Training;

/// <summary>What the scores of a reward model are made relative to before they are used.</summary>
public enum RewardNormalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Their mean over samples of the SFT model becomes 0.</summary>
    Mean,

    /// <summary>The standard deviation becomes 1 too (Ziegler et al. 2019, section 2.1).</summary>
    Unit,
}

/// <summary>The mean and deviation of reward models' scores of what the SFT model samples, one response to each of some prompts.</summary>
public sealed record RewardLevels : Step<RewardLevel[]>
{
    private const int MostPrompts = 256;

    public required IReadOnlyList<NamedFolder> Members { get; init; }

    public required RewardNormalization Normalization { get; init; }

    public required NamedFolder Sft { get; init; }

    public required TokenizePrompts Prompts { get; init; }

    public required int MaxNewTokens { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Token rows that are computed at once.</summary>
    [NotInKey]
    public required int RowBudget { get; init; }

    public override string Label => "level of the reward";

    protected override Task<RewardLevel[]> RunAsync(StepContext context, CancellationToken cancel)
    {
        if (Normalization == RewardNormalization.None)
        {
            return Task.FromResult<RewardLevel[]>([.. Members.Select(_ => RewardLevel.Raw)]);
        }

        PromptTree[] samples = Sample(context, cancel);
        return Task.FromResult<RewardLevel[]>([.. Members.Select(member =>
        {
            using LanguageModel model = member.Load(context, head: OutputHead.Score);
            using RewardScorer scorer = new(model, RowBudget);
            return LevelOf(member, [.. scorer.Rewards(samples, cancel).Select(rewards => rewards[0])]);
        })]);
    }

    private PromptTree[] Sample(StepContext context, CancellationToken cancel)
    {
        using LanguageModel model = Sft.Load(context);
        using Sampler sampler = new(model, new SamplingOptions(Prompts.Source.OpenTokenizer().EosId, MaxNewTokens, Seed,
            "level of the reward"));
        SamplingPrompt[] prompts = [.. Prompts.Read(context).Take(MostPrompts)];
        return [.. sampler.Sample(prompts, cancel).Select((rollout, i) => new PromptTree(prompts[i].Tokens, [rollout.Tokens]))];
    }

    private RewardLevel LevelOf(NamedFolder member, double[] rewards)
    {
        double mean = rewards.Average();
        if (Normalization == RewardNormalization.Mean)
        {
            return new RewardLevel(mean, 1);
        }

        double deviation = Math.Sqrt(rewards.Sum(reward => (reward - mean) * (reward - mean)) / Math.Max(1, rewards.Length - 1));
        return deviation > 0 && double.IsFinite(deviation)
            ? new RewardLevel(mean, deviation)
            : throw new InvalidDataException(
                $"{member.Folder.Path}: gives the {rewards.Length} samples it is to be scaled by one and the same reward. Use --normalize "
                    + "mean or none.");
    }
}
