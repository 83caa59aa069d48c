using Goodhart.Alignment.Losses;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Steps;

namespace Goodhart.Studies.Running;

/// <summary>A study as steps: base models and SFT per size, one chain of segments per run, one evaluation per checkpoint.</summary>
public sealed class StudyGraph
{
    /// <summary>Parts a base model's pre-training is cut into, so that an interruption loses a part and not the whole.</summary>
    private const int PretrainParts = 5;

    private readonly StudyDefinition study;

    public StudyGraph(StudyDefinition study)
    {
        this.study = study;
        Evaluations = [.. study.Models.SelectMany(OfModel)];
    }

    /// <summary>The SFT model of each size and seed first, then its checkpoints.</summary>
    public IReadOnlyList<EvaluateCheckpoint> Evaluations { get; }

    private IEnumerable<EvaluateCheckpoint> OfModel(StudyModel model)
    {
        SftModel sft = new() { WorldSeed = study.Seed, Model = model, Training = study.Sft, Base = Pretraining(model) };
        ReferenceLogProbs heldOut = new() { Reference = sft, Pairs = new PairSource(study.Seed, 0, study.Evaluate.HeldOutPairs, HeldOut: true) };
        foreach (IGrouping<int, StudyCell> seed in StudyCell.Of(study).Where(cell => cell.Model == model.Name).GroupBy(cell => cell.Seed))
        {
            ReferenceLogProbs reference = new() { Reference = sft, Pairs = new PairSource(study.Seed, seed.Key, study.Align.Pairs, HeldOut: false) };
            EvaluateCheckpoint start = Evaluation(null, sft, heldOut, seed.Key, study.Evaluate.FinalSamplesPerPrompt);
            yield return start;
            foreach (AlignSegment checkpoint in seed.SelectMany(cell => Checkpoints(LossCatalogue.Create(cell.Loss, cell.Beta), reference)))
            {
                int samples = checkpoint.Fraction == study.Align.Checkpoints[^1]
                    ? study.Evaluate.FinalSamplesPerPrompt
                    : study.Evaluate.SamplesPerPrompt;
                yield return Evaluation(checkpoint, sft, heldOut, seed.Key, samples) with { Start = start };
            }
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

    private IEnumerable<AlignSegment> Checkpoints(PreferenceLoss loss, ReferenceLogProbs reference)
    {
        AlignDefinition align = study.Align;
        int steps = align.Pairs / align.BatchSize;
        AlignSegment? segment = null;
        foreach (double fraction in align.Checkpoints)
        {
            bool isLast = fraction == align.Checkpoints[^1];
            segment = new AlignSegment
            {
                Loss = loss,
                Training = new AlignTraining(align.BatchSize, align.Optimizer, align.LearningRate, align.WarmupSteps, align.ClipNorm),
                Sft = reference.Reference,
                Reference = reference,
                End = (int)Math.Round(fraction * steps),
                Previous = segment,
                Fraction = fraction,
                KeepsWeights = study.Keep is KeepPolicy.All or KeepPolicy.Weights || (study.Keep == KeepPolicy.Final && isLast),
                KeepsOptimizer = study.Keep == KeepPolicy.All || (study.Keep == KeepPolicy.Weights && isLast),
            };
            yield return segment;
        }
    }

    private EvaluateCheckpoint Evaluation(AlignSegment? policy, SftModel sft, ReferenceLogProbs heldOut, int seed, int samples) => new()
    {
        Policy = policy,
        Reference = sft,
        HeldOut = heldOut,
        AlignmentSeed = seed,
        Prompts = study.Evaluate.Prompts,
        SamplesPerPrompt = samples,
        Temperature = study.Evaluate.Temperature,
        MaxNewTokens = study.Evaluate.MaxNewTokens,
    };
}
