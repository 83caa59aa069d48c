using Goodhart.Evaluation.Rewards;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Stages.Running;
using Goodhart.Studies.Stages.Training;

namespace Goodhart.Studies.Running;

/// <summary>The reward model of one model and alignment seed, and the PPO runs against it: the steps of <c>goodhart reward</c> and <c>goodhart ppo</c>.</summary>
internal sealed class DataRlhf
{
    private readonly DataStudy study;
    private readonly DataRlhfDefinition rlhf;
    private readonly DataModel model;
    private readonly ModelSource reference;
    private readonly ulong seed;
    private readonly int rowBudget;
    private readonly Func<TokenizeRows, TokenizedData> read;

    /// <param name="reference">The SFT model.</param>
    /// <param name="alignmentSeed">Varies the reward model's head and data order, and PPO's prompts and samples.</param>
    public DataRlhf(
        DataStudy study, DataModel model, ModelSource reference, int alignmentSeed, int rowBudget, Func<TokenizeRows, TokenizedData> read)
    {
        (this.study, this.model, this.reference, this.rowBudget, this.read) = (study, model, reference, rowBudget, read);
        rlhf = study.Rlhf ?? throw new InvalidOperationException($"study {study.Name}: rlhf is missing.");
        seed = study.Seed + (ulong)alignmentSeed;
        AlignmentSeed = alignmentSeed;
        HeldOut = [.. rlhf.Reward is RewardDefinition recipe ? [Measure(Train(recipe))] : model.Rewards.Select(Measure)];
        Reward = new RewardUse([.. HeldOut.Select(member => member.Model)], new HeldOutLevels { Evaluations = HeldOut }, new MeanEnsemble());
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
        TokenizePairPrompts prompts = model.PolicyPrompts ?? throw new InvalidOperationException($"model {model.Name}: no prompts for ppo.");
        RequirePrompts(prompts);
        PpoMethod method = ppo.Method(coefficient);
        TrainingRecipe recipe = ppo.Recipe();
        SegmentSize size = RolloutSize.Of(
            model.Input, method, recipe, Reward.Members.Count, read(prompts), ppo.Prompts, ppo.SamplesPerPrompt, study.Evaluate.MaxNewTokens);
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
                ModelName = FormattableString.Invariant($"{model.Name} β={coefficient}"),
                Method = method,
                Prompts = prompts,
                Reward = Reward,
                PromptsPerCollection = ppo.Prompts,
                SamplesPerPrompt = ppo.SamplesPerPrompt,
                MaxNewTokens = study.Evaluate.MaxNewTokens,
                Recipe = recipe,
                Seed = seed,
                End = end,
                Previous = segment,
                KeepsWeights = study.Keeps(fraction),
                KeepsOptimizer = study.KeepsOptimizer(fraction),
                TotalSteps = ppo.Collections,
                RowBudget = rowBudget,
                Size = size,
            };
            yield return (fraction, segment);
        }
    }

    private void RequirePrompts(TokenizePairPrompts prompts)
    {
        if (read(prompts).Rows < rlhf.Ppo.Prompts)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"{prompts.Source.Data.Path}: {read(prompts).Rows} different prompts that can be used, fewer than rlhf.ppo.prompts {rlhf.Ppo.Prompts}: lower it, or give more data."));
        }
    }

    private RewardSegment Train(RewardDefinition definition)
    {
        TokenizedData data = read(model.Preferences);
        TrainingRecipe recipe = definition.Recipe();
        int total = TrainingRun.TotalSteps(model.Preferences.Source.Data.Path, data, recipe, epochs: 1, "rlhf.reward.batchSize");
        RewardSegment? segment = null;
        foreach ((int end, bool isLast) in new CheckpointPlan([1.0], DataGraph.ResumeEvery).Ends(total))
        {
            segment = new RewardSegment
            {
                Model = reference,
                ModelName = model.Name,
                Rows = model.Preferences,
                Recipe = recipe,
                Seed = seed,
                End = end,
                Previous = segment,
                KeepsWeights = isLast,
                TotalSteps = total,
                RowBudget = rowBudget,
                Size = TrainingRun.Size(model.Input, recipe, data, responses: 2),
            };
        }

        return segment!;
    }

    private HeldOutReward Measure(RewardSegment segment) => Measure(new TrainedFolder(segment), segment.Label, model.Input) with { Update = segment.End, Epoch = 1 };

    private HeldOutReward Measure(ModelInput input) => Measure(new NamedFolder(input.Folder), $"reward model {Path.GetFileName(input.Folder.Path)}, {model.Name}", input);

    private HeldOutReward Measure(ModelSource member, string name, ModelInput input)
    {
        TokenizedData pairs = read(model.HeldOut);
        return new HeldOutReward
        {
            Model = member,
            ModelName = name,
            Rows = model.HeldOut,
            Update = 0,
            Epoch = 0,
            RowBudget = rowBudget,
            Cost = pairs.Rows * TrainingRun.CostPerRow(input.Config.Shape, pairs, responses: 2),
        };
    }
}
