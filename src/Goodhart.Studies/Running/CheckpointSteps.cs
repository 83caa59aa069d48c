using Goodhart.Alignment.Remedies;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>
/// What measures, judges and describes the checkpoints of one model and alignment seed: the steps of <c>goodhart evaluate</c>.
/// </summary>
/// <param name="judge">Null: nothing decides wins.</param>
/// <param name="reward">Whose scores stand beside; null: the study has no reward model.</param>
internal sealed class CheckpointSteps(
    StudyDefinition study, StudyModel model, OpenedJudge? judge, RewardUse? reward, int alignmentSeed,
    Func<TokenizeRows, TokenizedData> read)
{
    private readonly TokenizedData prompts = read(model.Rows.Prompts);

    /// <summary>The SFT model: the point at d = 0.</summary>
    public DescribeCheckpoint OfReference(ModelSource reference, ReferenceScores heldOut) =>
        Describe(Measure(reference, null, study.Evaluate.FinalSamplesPerPrompt, "SFT", Bootstrap)) with { HeldOut = heldOut };

    /// <param name="isLast">Whether it is the run's last checkpoint, which gets more samples.</param>
    /// <param name="start">The SFT model.</param>
    /// <param name="average">Stands in the checkpoint's place; null: nothing does.</param>
    /// <param name="labelSets">Sets of labelled pairs that it is made of.</param>
    public DescribeCheckpoint Of(
        StudyCell cell, double fraction, bool isLast, TrainingSegment segment, HeldOutPairs heldOut, DescribeCheckpoint start,
        AverageModels? average, int labelSets)
    {
        int samples = isLast ? study.Evaluate.FinalSamplesPerPrompt : study.Evaluate.SamplesPerPrompt;
        string run = heldOut.Loss is { } loss
            ? RemediedLosses.Name(StudyLabel.Of(loss), cell.Remedies)
            : FormattableString.Invariant($"{cell.Loss} β={cell.Beta}");
        MeasureCheckpoint measured = Measure(
            new StoredModel((Step?)average ?? segment), heldOut, samples, FormattableString.Invariant($"{run} {fraction:P0}"),
            cell.Supply is not null || cell.Average is SeedSoup ? null : Bootstrap) with
        {
            Reference = start.Measured.Policy,
            Start = start.Measured,
        };
        return Describe(measured) with
        {
            Start = start.Measured,
            Loss = cell.Method,
            Beta = cell.Beta,
            Fraction = fraction,
            Update = segment.End,
            Examples = labelSets * (cell.Supply is FilteredPairs ? Labels(fraction) : (long)segment.End * (
                cell.IsDirect ? study.Align.BatchSize : study.Rlhf!.Ppo.Prompts * study.Rlhf.Ppo.SamplesPerPrompt)),
        };
    }

    /// <summary>Pairs that a run without a filter has seen by then: one that is left out was labelled too.</summary>
    private long Labels(double fraction)
    {
        int updates = read(model.Rows.Preferences(alignmentSeed)).Rows / study.Align.BatchSize;
        return (long)Math.Round(fraction * updates) * study.Align.BatchSize;
    }

    /// <summary>The pool is the SFT model's evaluation with more samples, the first of them the same: what a judge said of those it need
    /// not say again.</summary>
    public IEnumerable<DescribeBestOfN> BestOfN(ModelSource reference, DescribeCheckpoint start)
    {
        BestOfNDefinition definition = study.Rlhf!.BestOfN;
        MeasureCheckpoint pool = Measure(
            reference, null, definition.Pool, FormattableString.Invariant($"SFT, pool of {definition.Pool}"), bootstrap: null,
            comparesPairs: false);
        return definition.N.Select(n => new DescribeBestOfN
        {
            Pool = pool,
            Reward = Score(pool)!,
            Judged = Judge(pool),
            Gold = Gold(pool),
            Start = start,
            Prompts = model.Rows.Prompts,
            N = n,
        });
    }

    private BootstrapRows Bootstrap => new(model.Rows.Preferences(alignmentSeed), model.Rows.HeldOut);

    private MeasureCheckpoint Measure(
        ModelSource policy, HeldOutPairs? heldOut, int samples, string name, BootstrapRows? bootstrap, bool comparesPairs = true)
    {
        EvaluateDefinition evaluate = study.Evaluate;
        ResponseSampling sampling = new(samples, evaluate.Temperature, evaluate.MaxNewTokens, study.Seed + (ulong)alignmentSeed);
        return new MeasureCheckpoint
        {
            Policy = policy,
            Reference = policy,
            Prompts = model.Rows.Prompts,
            Sampling = sampling,
            HeldOut = heldOut,
            Bootstrap = bootstrap,
            Compared = evaluate.HiddenSimilarity && comparesPairs ? model.Rows.HeldOut : null,
            CheckpointName = $"{model.Name} {name}",
            RowBudget = StudyGraph.RowBudget,
            Cost = MeasureCheckpoint.CostOf(model.Config, sampling, prompts, heldOut),
            Bytes = MeasureCheckpoint.BytesOf(sampling, prompts),
        };
    }

    private JudgeCheckpoint? Judge(MeasureCheckpoint measured) => judge is not { } who ? null : new JudgeCheckpoint
    {
        Measured = measured,
        Prompts = model.Rows.Prompts,
        Judge = who.Identity,
        Need = who.Need(prompts, measured.Sampling),
    };

    /// <summary>Known in a world whoever judges, and where the study names the gold judge.</summary>
    private JudgeCheckpoint? Gold(MeasureCheckpoint measured) =>
        judge?.Identity is GoldIdentity ? Judge(measured) : model.Rows.Prompts.Source is not WorldRows world ? null : new JudgeCheckpoint
        {
            Measured = measured,
            Prompts = model.Rows.Prompts,
            Judge = new GoldIdentity(world.Seed),
            Need = JudgeNeed.None,
        };

    private ScoreResponses? Score(MeasureCheckpoint measured)
    {
        if (reward is null)
        {
            return null;
        }

        ResponseSampling sampling = measured.Sampling;
        double forward = model.Config.Shape.Forward(prompts.MeanTokens(), sampling.TypicalTokens, sampling.Samples);
        return new ScoreResponses
        {
            Measured = measured,
            Prompts = model.Rows.Prompts,
            Reward = reward,
            RowBudget = StudyGraph.RowBudget,
            Cost = prompts.Rows * forward * reward.Members.Count,
        };
    }

    private DescribeCheckpoint Describe(MeasureCheckpoint measured) => new()
    {
        Measured = measured,
        Judged = Judge(measured),
        Gold = Gold(measured),
        Proxy = Score(measured),
        Prompts = model.Rows.Prompts,
        ModelName = model.Name,
        Parameters = model.Config.Shape.Parameters,
        NonEmbedding = model.Config.Shape.NonEmbedding,
        AlignmentSeed = alignmentSeed,
    };
}
