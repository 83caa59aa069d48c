using Goodhart.Alignment.Losses;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Results;
using Goodhart.Studies.Steps;
using Goodhart.Studies.Trees;

namespace Goodhart.Studies.Running;

/// <summary>A study in a synthetic world as steps: base models and SFT per size, one chain of segments per run, one evaluation per checkpoint.</summary>
public sealed class WorldGraph : IStudyGraph
{
    /// <summary>Parts a base model's pre-training is cut into, so that an interruption loses a part and not the whole.</summary>
    private const int PretrainParts = 5;

    private readonly WorldStudy study;
    private readonly List<TrainReward> rewards = [];

    public WorldGraph(WorldStudy study)
    {
        this.study = study;
        Checkpoints = study.Align.Cadence.Fractions(study.Pairs / study.Align.BatchSize, study.Align.BatchSize);
        Evaluations = [.. study.Models.SelectMany(OfModel)];
    }

    /// <summary>The SFT model of each size and seed first, then its checkpoints.</summary>
    public IReadOnlyList<Step<CheckpointEvaluation>> Evaluations { get; }

    public TreeStudy? Tree => study.Tree ? new TreeStudy { Settings = new TreeSettings { Seed = study.Seed } } : null;

    public PromptTexts Prompts => new WorldPrompts(study.Seed, study.Evaluate.Prompts);

    public int Pairs => study.Pairs;

    public IReadOnlyList<double> Checkpoints { get; }

    public IReadOnlyList<string> NotRun => ["No judge model: the gold reward of the synthetic world decides wins."];

    public void Publish(string directory, Runner runner)
    {
        // The report says it all.
    }

    public IReadOnlyList<RewardModelSummary> RewardModels(Runner runner) =>
        [.. rewards.Select(reward => new RewardModelSummary(reward.Sft.Model.Name, reward.Pairs.AlignmentSeed, runner.Read(reward).HeldOut))];

    private IEnumerable<Step<CheckpointEvaluation>> OfModel(StudyModel model)
    {
        SftModel sft = new() { WorldSeed = study.Seed, Model = model, Training = study.Sft, Base = Pretraining(model) };
        PairSource heldOutPairs = new(study.Seed, 0, study.Evaluate.HeldOutPairs, HeldOut: true);
        ReferenceLogProbs heldOut = new() { Reference = sft, Pairs = heldOutPairs };
        foreach (IGrouping<int, StudyCell> seed in StudyCell.Of(study).Where(cell => cell.Model == model.Name).GroupBy(cell => cell.Seed))
        {
            PairSource pairs = new(study.Seed, seed.Key, study.Pairs, HeldOut: false);
            ReferenceLogProbs reference = new() { Reference = sft, Pairs = pairs };
            TrainReward? reward = seed.All(cell => cell.IsDirect) ? null : new TrainReward
            {
                Sft = sft,
                Pairs = pairs,
                HeldOut = heldOutPairs,
                Training = Rlhf.Reward,
            };
            if (reward is not null)
            {
                rewards.Add(reward);
            }

            EvaluateCheckpoint start = Evaluation(null, sft, heldOut, pairs, study.Evaluate.FinalSamplesPerPrompt) with { Proxy = reward };
            yield return start;
            foreach (PolicySegment checkpoint in seed.Where(cell => cell.Loss != RlhfMethods.BestOfN).SelectMany(
                IEnumerable<PolicySegment> (cell) => cell.IsDirect ? Run(cell.CreateLoss(), reference) : PolicyGradient(cell.Beta, sft, reward!)))
            {
                int samples = checkpoint.Fraction == Checkpoints[^1]
                    ? study.Evaluate.FinalSamplesPerPrompt
                    : study.Evaluate.SamplesPerPrompt;
                yield return Evaluation(checkpoint, sft, heldOut, pairs, samples) with { Start = start, Proxy = reward };
            }

            foreach (EvaluateBestOfN best in seed.Where(cell => cell.Loss == RlhfMethods.BestOfN).SelectMany(_ => BestOfN(sft, reward!, start)))
            {
                yield return best;
            }
        }
    }

    private RlhfDefinition Rlhf => study.Rlhf ?? throw new InvalidOperationException($"study {study.Name}: rlhf is missing.");

    private IEnumerable<EvaluateBestOfN> BestOfN(SftModel sft, TrainReward reward, EvaluateCheckpoint start)
    {
        SamplePool pool = new()
        {
            Sft = sft,
            Reward = reward,
            Prompts = study.Evaluate.Prompts,
            Size = Rlhf.BestOfN.Pool,
            Temperature = study.Evaluate.Temperature,
            MaxNewTokens = study.Evaluate.MaxNewTokens,
        };
        return Rlhf.BestOfN.N.Select(n => new EvaluateBestOfN { Pool = pool, Start = start, N = n });
    }

    private IEnumerable<PolicyGradientSegment> PolicyGradient(double coefficient, SftModel sft, TrainReward reward)
    {
        PpoDefinition ppo = Rlhf.Ppo;
        PolicyGradientSegment? segment = null;
        foreach (double fraction in Checkpoints)
        {
            int end = (int)Math.Round(fraction * ppo.Collections);
            if (end == (segment?.End ?? 0))
            {
                continue;
            }

            segment = new PolicyGradientSegment
            {
                Sft = sft,
                Reward = reward,
                Training = ppo,
                Coefficient = coefficient,
                MaxNewTokens = study.Evaluate.MaxNewTokens,
                Total = ppo.Collections,
                End = end,
                Previous = segment,
                Fraction = fraction,
                KeepsWeights = study.Keeps(fraction),
                KeepsOptimizer = study.KeepsOptimizer(fraction),
            };
            yield return segment;
        }
    }

    private PretrainSegment Pretraining(StudyModel model)
    {
        int steps = study.Pretrain.Examples / study.Pretrain.BatchSize;
        PretrainSegment? segment = null;
        for (int part = 1; part <= PretrainParts; part++)
        {
            int end = steps * part / PretrainParts;
            if (end > (segment?.End ?? 0))
            {
                segment = new PretrainSegment
                {
                    WorldSeed = study.Seed,
                    Model = model,
                    Training = study.Pretrain,
                    End = end,
                    Previous = segment,
                };
            }
        }

        return segment!;
    }

    private IEnumerable<AlignSegment> Run(PreferenceLoss loss, ReferenceLogProbs reference)
    {
        AlignDefinition align = study.Align;
        int steps = Pairs / align.BatchSize;
        AlignSegment? segment = null;
        foreach (double fraction in Checkpoints)
        {
            segment = new AlignSegment
            {
                Loss = loss,
                Training = new AlignTraining(align.BatchSize, align.Optimizer, align.LearningRate, align.WarmupSteps, align.ClipNorm),
                Sft = reference.Reference,
                Reference = reference,
                End = (int)Math.Round(fraction * steps),
                Previous = segment,
                Fraction = fraction,
                KeepsWeights = study.Keeps(fraction),
                KeepsOptimizer = study.KeepsOptimizer(fraction),
            };
            yield return segment;
        }
    }

    private EvaluateCheckpoint Evaluation(PolicySegment? policy, SftModel sft, ReferenceLogProbs heldOut, PairSource pairs, int samples) => new()
    {
        Policy = policy,
        Reference = sft,
        HeldOut = heldOut,
        Trained = pairs,
        AlignmentSeed = pairs.AlignmentSeed,
        Prompts = study.Evaluate.Prompts,
        SamplesPerPrompt = samples,
        Temperature = study.Evaluate.Temperature,
        MaxNewTokens = study.Evaluate.MaxNewTokens,
    };
}
