using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Points;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Results;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Judging;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Stages.Running;
using Goodhart.Studies.Stages.Training;
using Goodhart.Studies.Steps;
using Goodhart.Studies.Trees;

namespace Goodhart.Studies.Running;

/// <summary>A study of the user's models and data as the steps that <c>sft</c>, <c>align</c> and <c>evaluate</c> take.</summary>
internal sealed class DataGraph : IStudyGraph
{
    /// <summary>Updates that an interruption loses at most.</summary>
    internal const int ResumeEvery = 1000;

    private const int RowBudget = ResponseScorer.DefaultRowBudget;

    private readonly DataStudy study;
    private readonly Func<TokenizeRows, TokenizedData> read;
    private readonly DataModel[] models;
    private readonly DataJudge? judge;
    private readonly List<DataRlhf> rewards = [];

    /// <param name="judge">Null: nothing decides wins.</param>
    /// <param name="read">The account of a model's data.</param>
    public DataGraph(DataStudy study, DataModel[] models, DataJudge? judge, Func<TokenizeRows, TokenizedData> read)
    {
        (this.study, this.models, this.judge, this.read) = (study, models, judge, read);
        Prompts = new DataPrompts(models[0].Prompts);
        Pairs = read(models[0].Preferences).Rows;
        Checkpoints = study.Align.Cadence.Fractions(Pairs / study.Align.BatchSize, study.Align.BatchSize);
        Evaluations = [.. models.SelectMany(OfModel)];
    }

    /// <summary>Best-of-n after a seed's checkpoints.</summary>
    public IReadOnlyList<Step<CheckpointEvaluation>> Evaluations { get; }

    public TreeStudy? Tree => null;

    public PromptTexts Prompts { get; }

    public int Pairs { get; }

    public IReadOnlyList<double> Checkpoints { get; }

    public IReadOnlyList<string> NotRun =>
    [
        .. judge is not null ? (string[])[] :
        [
            "No judge decides wins: win rates and what follows from them (figure 1, fits, most claims) are left out. responses.csv lists where the "
                + "sampled responses are, to judge them later.",
        ],
        .. models.SelectMany(model => model.Data.Select(rows => LostRows.Line(model.Name, rows, read(rows)))).OfType<string>().Distinct(),
    ];

    public void Publish(string directory, Runner runner)
    {
        SampledRow[] rows = [.. Evaluations.OfType<DescribeCheckpoint>().Select(SampledRow.Of), .. Pools.Select(SampledRow.Of)];
        ResponsesIndex.Write(directory, rows, runner.DirectoryOf);
        if (judge is not null)
        {
            WinRatesIndex.Write(directory, rows, runner);
        }
    }

    public IReadOnlyList<RewardModelSummary> RewardModels(Runner runner) =>
    [
        .. rewards.Select(reward => new RewardModelSummary(
            reward.ModelName, reward.AlignmentSeed,
            RewardQuality.Of("", RewardQuality.Mean([.. reward.HeldOut.Select(member => HeldOutReward.Read(runner.DirectoryOf(member)))])).HeldOut)),
    ];

    /// <summary>One row per pool, whatever the number of n.</summary>
    private IEnumerable<DescribeBestOfN> Pools => Evaluations.OfType<DescribeBestOfN>().DistinctBy(best => best.Pool.Key);

    private IEnumerable<Step<CheckpointEvaluation>> OfModel(DataModel model)
    {
        ModelSource reference = Reference(model);
        DataRun runs = new(study, model, reference, Scores(model, reference, model.Preferences), Updates(model));
        ReferenceScores heldOut = Scores(model, reference, model.HeldOut);
        foreach (IGrouping<int, StudyCell> seed in StudyCell.Of(study).Where(cell => cell.Model == model.Name).GroupBy(cell => cell.Seed))
        {
            DataRlhf? rlhf = seed.All(cell => cell.IsDirect) ? null : new DataRlhf(study, model, reference, seed.Key, RowBudget, read);
            if (rlhf is not null)
            {
                rewards.Add(rlhf);
            }

            MeasureCheckpoint first = Measure(model, reference, null, seed.Key, study.Evaluate.FinalSamplesPerPrompt, "SFT");
            DescribeCheckpoint start = Describe(model, first, seed.Key, rlhf) with { HeldOut = heldOut };
            yield return start;
            foreach (StudyCell cell in seed.Where(cell => cell.Loss != RlhfMethods.BestOfN))
            {
                PreferenceLoss? loss = cell.IsDirect ? cell.CreateLoss() : null;
                IEnumerable<(double, TrainingSegment)> checkpoints = loss is not null
                    ? runs.Checkpoints(loss, cell.Seed, RowBudget).Select(part => (part.Fraction, (TrainingSegment)part.Segment))
                    : rlhf!.Ppo(cell.Beta, Checkpoints).Select(part => (part.Fraction, (TrainingSegment)part.Segment));
                foreach ((double fraction, TrainingSegment segment) in checkpoints)
                {
                    yield return Checkpoint(model, cell, fraction, segment, new HeldOutPairs(model.HeldOut, heldOut, loss), start, rlhf);
                }
            }

            if (seed.Any(cell => cell.Loss == RlhfMethods.BestOfN))
            {
                foreach (DescribeBestOfN best in BestOfN(model, reference, start, rlhf!))
                {
                    yield return best;
                }
            }
        }
    }

    private DescribeCheckpoint Checkpoint(
        DataModel model, StudyCell cell, double fraction, TrainingSegment segment, HeldOutPairs heldOut, DescribeCheckpoint start, DataRlhf? rlhf)
    {
        int samples = fraction == Checkpoints[^1] ? study.Evaluate.FinalSamplesPerPrompt : study.Evaluate.SamplesPerPrompt;
        string run = heldOut.Loss is { } loss ? StudyLabel.Of(loss) : FormattableString.Invariant($"{cell.Loss} β={cell.Beta}");
        MeasureCheckpoint measured = Measure(
            model, new TrainedFolder(segment), heldOut, cell.Seed, samples, FormattableString.Invariant($"{run} {fraction:P0}")) with
        {
            Reference = start.Measured.Policy,
            Start = start.Measured,
        };
        return Describe(model, measured, cell.Seed, rlhf) with
        {
            Start = start.Measured,
            Loss = cell.Loss,
            Beta = cell.Beta,
            Fraction = fraction,
            Update = segment.End,
            Examples = (long)segment.End * ExamplesPerUpdate(cell),
        };
    }

    /// <summary>Pairs, or episodes.</summary>
    private int ExamplesPerUpdate(StudyCell cell) =>
        cell.IsDirect ? study.Align.BatchSize : study.Ppo!.Prompts * study.Ppo.SamplesPerPrompt;

    /// <summary>The pool is the SFT model's evaluation with more samples, the first of them the same: what a judge said of those it need not say again.</summary>
    private IEnumerable<DescribeBestOfN> BestOfN(DataModel model, ModelSource reference, DescribeCheckpoint start, DataRlhf rlhf)
    {
        BestOfNDefinition definition = study.Rlhf!.BestOfN;
        MeasureCheckpoint pool = Measure(
            model, reference, null, rlhf.AlignmentSeed, definition.Pool, FormattableString.Invariant($"SFT, pool of {definition.Pool}"));
        JudgeCheckpoint? judged = Judge(model, pool);
        return definition.N.Select(n => new DescribeBestOfN
        {
            Pool = pool,
            Reward = Score(model, pool, rlhf),
            Judged = judged,
            Start = start,
            Prompts = model.Prompts,
            N = n,
        });
    }

    /// <summary>The SFT model: trained here, or the folder itself.</summary>
    private ModelSource Reference(DataModel model)
    {
        ModelSource folder = new NamedFolder(model.Input.Folder);
        if (study.Sft is not { } sft || model.Sft is not { } rows)
        {
            return folder;
        }

        TrainingRecipe recipe = Recipe(sft.BatchSize, sft.Optimizer, sft.LearningRate, sft.WarmupSteps, sft.ClipNorm);
        int total = TrainingRun.TotalSteps(rows.Source.Data.Path, read(rows), recipe, sft.Epochs, "sft.batchSize");
        SftSegment? segment = null;
        foreach ((int end, bool isCheckpoint) in new CheckpointPlan([1.0], ResumeEvery).Ends(total))
        {
            segment = new SftSegment
            {
                Model = folder,
                ModelName = model.Name,
                Rows = rows,
                Recipe = recipe,
                Reduction = sft.Reduction,
                Seed = study.Seed,
                End = end,
                Previous = segment,
                KeepsWeights = isCheckpoint,
                TotalSteps = total,
                ScheduledSteps = null,
                RowBudget = RowBudget,
                Size = TrainingRun.Size(model.Input, recipe, read(rows), responses: 1),
            };
        }

        return new TrainedFolder(segment!);
    }

    /// <summary>Constant after the warm-up: the reference code's schedule, which needs no length.</summary>
    private static TrainingRecipe Recipe(int batchSize, OptimizerDefinition optimizer, double rate, int warmupSteps, double clipNorm) =>
        new(batchSize, optimizer, new ConstantSchedule { Peak = rate, WarmupSteps = warmupSteps }, clipNorm);

    private DataRunLength Updates(DataModel model)
    {
        TokenizedData data = read(model.Preferences);
        AlignDefinition align = study.Align;
        TrainingRecipe recipe = Recipe(align.BatchSize, align.Optimizer, align.LearningRate, align.WarmupSteps, align.ClipNorm);
        int total = TrainingRun.TotalSteps(model.Preferences.Source.Data.Path, data, recipe, epochs: 1, "align.batchSize");
        CheckpointPlan plan = new(align.Cadence.Fractions(total, align.BatchSize), ResumeEvery);
        plan.Validate();
        return new DataRunLength(recipe, total, plan, TrainingRun.Size(model.Input, recipe, data, responses: 2));
    }

    private ReferenceScores Scores(DataModel model, ModelSource reference, TokenizePairs rows) =>
        PairFile.Scores(model.Input, rows, read(rows), RowBudget) with { Reference = reference, ModelName = model.Name };

    private MeasureCheckpoint Measure(
        DataModel model, ModelSource policy, HeldOutPairs? heldOut, int seed, int samples, string name)
    {
        EvaluateDefinition evaluate = study.Evaluate;
        ResponseSampling sampling = new(samples, evaluate.Temperature, evaluate.MaxNewTokens, study.Seed + (ulong)seed);
        return new MeasureCheckpoint
        {
            Policy = policy,
            Reference = policy,
            Prompts = model.Prompts,
            Sampling = sampling,
            HeldOut = heldOut,
            CheckpointName = $"{model.Name} {name}",
            RowBudget = RowBudget,
            Cost = MeasureCheckpoint.CostOf(model.Input.Config, sampling, read(model.Prompts), heldOut),
            Bytes = MeasureCheckpoint.BytesOf(sampling, read(model.Prompts)),
        };
    }

    private JudgeCheckpoint? Judge(DataModel model, MeasureCheckpoint measured)
    {
        if (judge is not { } who)
        {
            return null;
        }

        return new JudgeCheckpoint
        {
            Measured = measured,
            Prompts = model.Prompts,
            Judge = who.Identity,
            Need = who.Need(read(model.Prompts), measured.Sampling),
        };
    }

    private ScoreResponses Score(DataModel model, MeasureCheckpoint measured, DataRlhf rlhf)
    {
        ResponseSampling sampling = measured.Sampling;
        double forward = model.Input.Config.Shape.Forward(read(model.Prompts).MeanTokens(), sampling.TypicalTokens, sampling.Samples);
        return new ScoreResponses
        {
            Measured = measured,
            Prompts = model.Prompts,
            Reward = rlhf.Reward,
            RowBudget = RowBudget,
            Cost = read(model.Prompts).Rows * forward * rlhf.Reward.Members.Count,
        };
    }

    private DescribeCheckpoint Describe(DataModel model, MeasureCheckpoint measured, int seed, DataRlhf? rlhf) => new()
    {
        Measured = measured,
        Judged = Judge(model, measured),
        Proxy = rlhf is null ? null : Score(model, measured, rlhf),
        Prompts = model.Prompts,
        ModelName = model.Name,
        Parameters = model.Input.Config.Shape.Parameters,
        NonEmbedding = model.Input.Config.Shape.NonEmbedding,
        AlignmentSeed = seed,
    };
}
