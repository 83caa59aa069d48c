using System.Globalization;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>The reward model of one model and alignment seed, and the PPO runs against it: the steps of <c>goodhart reward</c> and
/// <c>goodhart ppo</c>.</summary>
internal sealed class RlhfRuns
{
    private readonly StudyDefinition study;
    private readonly RlhfDefinition rlhf;
    private readonly StudyModel model;
    private readonly ModelSource reference;
    private readonly Func<TokenizeRows, TokenizedData> read;

    /// <param name="reference">The SFT model.</param>
    /// <param name="alignmentSeed">Varies the reward model's head and data order, and PPO's prompts and samples.</param>
    public RlhfRuns(
        StudyDefinition study, StudyModel model, ModelSource reference, int alignmentSeed, Func<TokenizeRows, TokenizedData> read)
    {
        (this.study, this.model, this.reference, this.read) = (study, model, reference, read);
        rlhf = study.Rlhf ?? throw new InvalidOperationException($"study {study.Name}: rlhf is missing.");
        AlignmentSeed = alignmentSeed;
        HeldOut =
        [
            .. rlhf.Reward is RewardDefinition recipe
                ? [Measure(new TrainingRuns(study, model, read).Reward(reference, recipe, alignmentSeed))]
                : model.Rewards.Select(Measure),
        ];
        Reward = new RewardUse(
            [.. HeldOut.Select(member => member.Model)], new HeldOutLevels { Evaluations = HeldOut }, new MeanEnsemble());
    }

    public int AlignmentSeed { get; }

    public string ModelName => model.Name;

    public RewardUse Reward { get; }

    /// <summary>Each member of the reward on the held-out pairs.</summary>
    public IReadOnlyList<HeldOutReward> HeldOut { get; }

    /// <summary>A run's checkpoints: at the study's fractions of the run's collections, one collection apart at least.</summary>
    public IEnumerable<(double Fraction, RolloutSegment Segment)> Ppo(double coefficient, IReadOnlyList<double> fractions)
    {
        PpoDefinition ppo = rlhf.Ppo;
        TokenizePairPrompts prompts = model.Rows.PolicyPrompts(AlignmentSeed);
        RequirePrompts(prompts);
        PpoMethod method = ppo.Method(coefficient);
        TrainingOptions recipe = ppo.Recipe();
        SegmentSize size = RolloutSize.Of(
            model.Config, method, recipe, Reward.Members.Count, read(prompts), ppo.Prompts, ppo.SamplesPerPrompt,
            study.Evaluate.MaxNewTokens, model.Trained(OutputHead.Score));
        RolloutSegment? segment = null;
        foreach (double fraction in fractions)
        {
            int end = (int)Math.Round(fraction * ppo.Collections);
            if (end == (segment?.End ?? 0))
            {
                continue;
            }

            segment = new RolloutSegment
            {
                Model = reference,
                Lora = model.Lora,
                ModelName = FormattableString.Invariant($"{model.Name} β={coefficient}"),
                Method = method,
                Prompts = prompts,
                Reward = Reward,
                Gold = prompts.Source is WorldRows world ? new WorldGold(world) : null,
                PromptsPerCollection = ppo.Prompts,
                SamplesPerPrompt = ppo.SamplesPerPrompt,
                MaxNewTokens = study.Evaluate.MaxNewTokens,
                Recipe = recipe,
                Seed = study.Seed + (ulong)AlignmentSeed,
                End = end,
                Previous = segment,
                KeepsWeights = study.Keeps(fraction),
                KeepsOptimizer = study.KeepsOptimizer(fraction),
                TotalSteps = ppo.Collections,
                RowBudget = StudyGraph.RowBudget,
                Size = size,
            };
            yield return (fraction, segment);
        }
    }

    private void RequirePrompts(TokenizePairPrompts prompts)
    {
        if (read(prompts).Rows < rlhf.Ppo.Prompts)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{prompts.Source.Name}: {read(prompts).Rows} different prompts that can be used, fewer than rlhf.ppo.prompts "
                    + $"{rlhf.Ppo.Prompts}: lower it, or give more data."));
        }
    }

    private HeldOutReward Measure(RewardSegment segment) =>
        Measure(new StoredModel(segment), segment.Label, model.Config) with { Update = segment.End, Epoch = 1 };

    private HeldOutReward Measure(ModelInput input) =>
        Measure(new NamedFolder(input.Folder), $"reward model {Path.GetFileName(input.Folder.Path)}, {model.Name}", input.Config);

    private HeldOutReward Measure(ModelSource member, string name, ModelConfig config)
    {
        TokenizedData pairs = read(model.Rows.HeldOut);
        return new HeldOutReward
        {
            Model = member,
            ModelName = name,
            Rows = model.Rows.HeldOut,
            Update = 0,
            Epoch = 0,
            RowBudget = StudyGraph.RowBudget,
            Cost = pairs.Rows * TrainingRun.CostPerRow(config.Shape, pairs, responses: 2),
        };
    }
}
