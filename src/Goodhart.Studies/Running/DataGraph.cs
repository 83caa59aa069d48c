using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Judging;
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
    private const int ResumeEvery = 1000;

    private const int RowBudget = ResponseScorer.DefaultRowBudget;

    private readonly DataStudy study;
    private readonly Func<TokenizeRows, TokenizedData> read;
    private readonly DataModel[] models;

    /// <summary>One for all checkpoints: its content is hashed once.</summary>
    private InputFolder? rewardModel;

    /// <param name="read">The account of a model's data.</param>
    public DataGraph(DataStudy study, DataModel[] models, Func<TokenizeRows, TokenizedData> read)
    {
        (this.study, this.models, this.read) = (study, models, read);
        Prompts = new DataPrompts(models[0].Prompts);
        Pairs = read(models[0].Preferences).Rows;
        Checkpoints = study.Align.Cadence.Fractions(Pairs / study.Align.BatchSize, study.Align.BatchSize);
        Evaluations = [.. models.SelectMany(OfModel)];
    }

    public IReadOnlyList<DescribeCheckpoint> Evaluations { get; }

    IReadOnlyList<Step<CheckpointEvaluation>> IStudyGraph.Evaluations => Evaluations;

    public TreeStudy? Tree => null;

    public PromptTexts Prompts { get; }

    public int Pairs { get; }

    public IReadOnlyList<double> Checkpoints { get; }

    public IReadOnlyList<string> NotRun =>
    [
        .. study.Judge is not null ? (string[])[] :
        [
            "No judge decides wins: win rates and what follows from them (figure 1, fits, most claims) are left out. responses.csv lists where the "
                + "sampled responses are, to judge them later.",
        ],
        .. models.SelectMany(model => model.Data.Select(rows => LostRows.Line(model.Name, rows, read(rows)))).OfType<string>().Distinct(),
    ];

    public void Publish(string directory, Runner runner)
    {
        ResponsesIndex.Write(directory, Evaluations, runner.DirectoryOf);
        if (study.Judge is not null)
        {
            WinRatesIndex.Write(directory, Evaluations, runner);
        }
    }

    private IEnumerable<DescribeCheckpoint> OfModel(DataModel model)
    {
        ModelSource reference = Reference(model);
        DataRun runs = new(study, model, reference, Scores(model, reference, model.Preferences), Updates(model));
        ReferenceScores heldOut = Scores(model, reference, model.HeldOut);
        foreach (IGrouping<int, StudyCell> seed in StudyCell.Of(study).Where(cell => cell.Model == model.Name).GroupBy(cell => cell.Seed))
        {
            MeasureCheckpoint first = Measure(model, reference, null, seed.Key, study.Evaluate.FinalSamplesPerPrompt, "SFT");
            DescribeCheckpoint start = Describe(model, first, seed.Key) with { HeldOut = heldOut };
            yield return start;
            foreach (StudyCell cell in seed)
            {
                PreferenceLoss loss = cell.CreateLoss();
                foreach ((double fraction, PreferenceSegment segment) in runs.Checkpoints(loss, cell.Seed, RowBudget))
                {
                    bool isLast = fraction == Checkpoints[^1];
                    int samples = isLast ? study.Evaluate.FinalSamplesPerPrompt : study.Evaluate.SamplesPerPrompt;
                    MeasureCheckpoint measured = Measure(
                        model, new TrainedFolder(segment), new HeldOutPairs(model.HeldOut, heldOut, loss), cell.Seed, samples,
                        FormattableString.Invariant($"{StudyLabel.Of(loss)} {fraction:P0}")) with
                    {
                        Reference = reference,
                        Start = start.Measured,
                    };
                    yield return Describe(model, measured, cell.Seed) with
                    {
                        Start = start.Measured,
                        Loss = loss.Name,
                        Beta = cell.Beta,
                        Fraction = fraction,
                        Update = segment.End,
                        Examples = (long)segment.End * study.Align.BatchSize,
                    };
                }
            }
        }
    }

    /// <summary>The SFT model: trained here, or the folder itself.</summary>
    private ModelSource Reference(DataModel model)
    {
        ModelSource folder = new ModelFolder(model.Input.Folder);
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
        };
    }

    private CheckpointJudging? Judge(DataModel model, MeasureCheckpoint measured)
    {
        switch (study.Judge)
        {
            case ChatJudgeDefinition chat:
                ChatJudgeOptions options = StudyJudge.Options(chat, study.Seed, ApiKey.None);
                return new JudgeCheckpoint
                {
                    Measured = measured,
                    Prompts = model.Prompts,
                    Judge = JudgeIdentity.Of(options),
                    Need = JudgeNeed.Of(options, read(model.Prompts), measured.Sampling),
                };
            case RewardJudgeDefinition reward:
                return new ScoreCheckpoint { Measured = measured, Prompts = model.Prompts, RewardModel = rewardModel ??= new InputFolder(reward.Model.Text) };
            default:
                return null;
        }
    }

    private DescribeCheckpoint Describe(DataModel model, MeasureCheckpoint measured, int seed) => new()
    {
        Measured = measured,
        Judged = Judge(model, measured),
        Prompts = model.Prompts,
        ModelName = model.Name,
        Parameters = ModelSize.Parameters(model.Input.Config),
        NonEmbedding = ModelSize.NonEmbedding(model.Input.Config),
        AlignmentSeed = seed,
    };
}
