using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>The training of one model up to its aligned checkpoints, cut so that an interruption loses little.</summary>
/// <param name="read">The account of the study's rows.</param>
internal sealed class TrainingRuns(StudyDefinition study, StudyModel model, Func<TokenizeRows, TokenizedData> read)
{
    /// <summary>Updates that an interruption loses at most.</summary>
    internal const int ResumeEvery = 1000;

    private static readonly CheckpointPlan ToTheEnd = new([1.0], ResumeEvery);

    /// <summary>π_SFT: pre-trained and fine-tuned here as far as the study says, or the model as it is.</summary>
    public ModelSource Reference()
    {
        ModelSource source = model.Start;
        if (study.Pretrain is { } pretrain && model.PretrainLearningRate is { } peak)
        {
            TrainingOptions recipe = new()
            {
                Optimizer = pretrain.Optimizer,
                LearningRate = new CosineSchedule { Peak = peak, WarmupSteps = pretrain.WarmupSteps },
                BatchSize = pretrain.BatchSize,
                ClipNorm = pretrain.ClipNorm,
            };
            source = Supervised(
                source, model.Rows.Pretraining!, recipe, new TokenMean { PromptWeight = pretrain.PromptWeight }, pretrain.Epochs,
                "pretrain.batchSize",
                keeps: study.Sft is null);
        }

        if (study.Sft is { } sft)
        {
            SupervisedLoss loss = sft.Reduction == SftReduction.TokenMean ? new TokenMean() : new SequenceMean();
            TrainingOptions recipe = TrainingOptions.Constant(
                sft.BatchSize, sft.Optimizer, sft.LearningRate, sft.WarmupSteps, sft.ClipNorm);
            source = Supervised(source, model.Rows.Sft!, recipe, loss, sft.Epochs, "sft.batchSize", keeps: true);
        }

        return source;
    }

    /// <summary>A run's checkpoints, each continuing the one before; parts between them are kept only until the next is stored.</summary>
    /// <param name="scores">The reference's log-probs of the training pairs.</param>
    /// <param name="online">The run's rounds; null: it is trained on the data's pairs.</param>
    /// <param name="part">Pairs in place of the data's; null: there are none.</param>
    /// <param name="smoothing">Estimates the share of flipped labels that the loss takes; null: it takes its own.</param>
    public IEnumerable<(double Fraction, PreferenceSegment Segment)> Checkpoints(
        ModelSource reference, ReferenceScores scores, PreferenceLoss loss, RemedyPlan? remedies, OnlineRounds? online, TrainedPairs? part,
        Step<LabelNoise>? smoothing, int alignmentSeed)
    {
        PreferenceSegment whole = Whole(
            reference, part ?? DataPairs(scores, alignmentSeed), loss, remedies, alignmentSeed,
            online?.Name ?? part?.Name ?? (smoothing is null ? null : "estimated smoothing"));
        int updates = online?.Updates() ?? whole.TotalSteps;
        CheckpointPlan plan = new(study.Align.Cadence.Fractions(updates, study.Align.BatchSize), ResumeEvery);
        plan.Validate();
        IReadOnlyList<PreferenceSegment> parts = plan.Cut(
            whole with { End = updates, TotalSteps = updates, Smoothing = smoothing },
            study.Keeps, study.KeepsOptimizer, online?.Ends, online is null ? null : next => online.Of(next, next.Label));
        return plan.Fractions.Select(fraction => (fraction, parts.Single(next => next.End == (int)Math.Round(fraction * updates))));
    }

    /// <summary>The end of an epoch over a part of the pairs, whose weights go when they have been read.</summary>
    public PreferenceSegment OfPart(ModelSource reference, TrainedPairs part, PreferenceLoss loss, int alignmentSeed) =>
        ToTheEnd.Cut(Whole(reference, part, loss, remedies: null, alignmentSeed, part.Name), _ => false)[^1];

    private TrainedPairs DataPairs(ReferenceScores scores, int alignmentSeed)
    {
        TokenizePairs rows = model.Rows.Preferences(alignmentSeed);
        return new TrainedPairs("", rows, scores, read(rows).Rows);
    }

    /// <summary>A run of an epoch as one part.</summary>
    /// <param name="name">Of what its pairs are, for labels; null: the data's.</param>
    private PreferenceSegment Whole(
        ModelSource reference, TrainedPairs pairs, PreferenceLoss loss, RemedyPlan? remedies, int alignmentSeed, string? name)
    {
        AlignDefinition align = study.Align;
        TokenizePairs rows = model.Rows.Preferences(alignmentSeed);
        TrainingOptions recipe = TrainingOptions.Constant(
            align.BatchSize, align.Optimizer, align.LearningRate, align.WarmupSteps, align.ClipNorm);
        int updates = Updates(rows, read(rows) with { Rows = pairs.Count }, recipe, epochs: 1, "align.batchSize");
        return new PreferenceSegment
        {
            Model = reference,
            Lora = model.Lora,
            ModelName = name is null ? NameOf(alignmentSeed) : $"{NameOf(alignmentSeed)} {name}",
            Loss = loss,
            Remedies = remedies,
            Rows = pairs.Rows,
            Reference = pairs.Scores,
            Recipe = recipe,
            Seed = study.Seed + (ulong)alignmentSeed,
            End = updates,
            TotalSteps = updates,
            RowBudget = StudyGraph.RowBudget,
            Size = TrainingRun.Size(model.Config, recipe, read(rows), responses: 2, model.Trained()).Under(remedies),
        };
    }

    /// <summary>The reward model of an alignment seed: one epoch of the study's pairs.</summary>
    public RewardSegment Reward(ModelSource reference, RewardDefinition definition, int alignmentSeed)
    {
        TokenizePairs rows = model.Rows.Preferences(alignmentSeed);
        TrainingOptions recipe = definition.Recipe();
        int total = Updates(rows, recipe, epochs: 1, "rlhf.reward.batchSize");
        return ToTheEnd.Cut(new RewardSegment
        {
            Model = reference,
            Lora = model.Lora,
            ModelName = NameOf(alignmentSeed),
            Rows = rows,
            Recipe = recipe,
            Seed = study.Seed + (ulong)alignmentSeed,
            End = total,
            TotalSteps = total,
            RowBudget = StudyGraph.RowBudget,
            Size = TrainingRun.Size(model.Config, recipe, read(rows), responses: 2, model.Trained(OutputHead.Score)),
        })[^1];
    }

    private string NameOf(int alignmentSeed) =>
        alignmentSeed == 0 ? model.Name : FormattableString.Invariant($"{model.Name} seed {alignmentSeed}");

    private int Updates(TokenizeRows rows, TrainingOptions recipe, int epochs, string batchSizeKey) =>
        Updates(rows, read(rows), recipe, epochs, batchSizeKey);

    private static int Updates(TokenizeRows rows, TokenizedData data, TrainingOptions recipe, int epochs, string batchSizeKey) =>
        TrainingRun.TotalSteps(rows.Source is FileRows file ? file.Data.Path : rows.Source.Name, data, recipe, epochs, batchSizeKey);

    private StoredModel Supervised(
        ModelSource start, TokenizeExamples rows, TrainingOptions recipe, SupervisedLoss loss, int epochs, string batchSizeKey, bool keeps)
    {
        int total = Updates(rows, recipe, epochs, batchSizeKey);
        return new StoredModel(ToTheEnd.Cut(
            new SftSegment
            {
                Model = start,
                ModelName = model.Name,
                Rows = rows,
                Recipe = recipe,
                Loss = loss,
                Seed = study.Seed,
                End = total,
                TotalSteps = total,
                RowBudget = StudyGraph.RowBudget,
                Size = TrainingRun.Size(
                    model.Config, recipe, read(rows), responses: 1, model.OwnAdapter?.ParametersOn(model.Config, OutputHead.Language)),
            },
            _ => keeps)[^1]);
    }
}
