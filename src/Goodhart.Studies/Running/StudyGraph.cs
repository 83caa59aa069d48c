using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Evaluation.Points;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Results;
using Goodhart.Studies.Trees;

namespace Goodhart.Studies.Running;

/// <summary>A study as steps, and what its report says of them.</summary>
internal sealed class StudyGraph
{
    internal const int RowBudget = ResponseScorer.DefaultRowBudget;

    private readonly StudyDefinition study;
    private readonly IReadOnlyList<TokenizeRows> data;
    private readonly Func<TokenizeRows, TokenizedData> read;
    private readonly StudyModel[] models;
    private readonly OpenedJudge? judge;
    private readonly List<RlhfRuns> rewards = [];

    /// <param name="judge">Null: nothing decides wins.</param>
    /// <param name="data">All the rows.</param>
    /// <param name="read">Their account.</param>
    public StudyGraph(
        StudyDefinition study, StudyModel[] models, OpenedJudge? judge, IReadOnlyList<TokenizeRows> data,
        Func<TokenizeRows, TokenizedData> read)
    {
        (this.study, this.models, this.judge, this.data, this.read) = (study, models, judge, data, read);
        Pairs = read(models[0].Rows.Preferences(study.Seeds[0])).Rows;
        Checkpoints = study.Align.Cadence.Fractions(Pairs / study.Align.BatchSize, study.Align.BatchSize);
        Evaluations = [.. models.SelectMany(OfModel)];
        Implicit = !StudyCell.Of(study).Any(cell => cell.Remedies is not null) ? null : ImplicitWins.Of(
            Evaluations.OfType<DescribeCheckpoint>().Where(step => !RlhfMethods.Contains(step.Loss)));
        Second = SecondPass.Of(study, models, judge, read, Evaluations);
        Prompts = new PromptTexts(models[0].Rows.Prompts, Evaluations.OfType<DescribeCheckpoint>().First().Gold);
    }

    /// <summary>The SFT model of each model and seed first, then its checkpoints, then best-of-n.</summary>
    public IReadOnlyList<Step<CheckpointEvaluation>> Evaluations { get; }

    /// <summary>What follows once the best cells are known; null where the study asks for no second pass.</summary>
    public SecondPass? Second { get; }

    /// <summary>What implicit rewards say of the checkpoints; null where no remedy is compared.</summary>
    public ImplicitWins? Implicit { get; }

    /// <summary>The paper's tree, for the report's theory chapter; null for none.</summary>
    public TreeStudy? Tree => study.Tree ? new TreeStudy { Settings = new TreeSettings { Seed = study.Seed } } : null;

    /// <summary>What the policies were asked.</summary>
    public PromptTexts Prompts { get; }

    /// <summary>Preference pairs of one epoch.</summary>
    public int Pairs { get; }

    /// <summary>Fractions of the epoch at which runs are evaluated.</summary>
    public IReadOnlyList<double> Checkpoints { get; }

    /// <summary>What the study does not contain, in plain words.</summary>
    public IReadOnlyList<string> NotRun =>
    [
        .. judge switch
        {
            null =>
            [
                "No judge decides wins: win rates and what follows from them (figure 1, fits, most claims) are left out. responses.csv "
                    + "lists where the "
                    + "sampled responses are, to judge them later.",
            ],
            { Identity: GoldIdentity } => ["No judge model: the gold reward of the synthetic world decides wins."],
            _ => (string[])[],
        },
        .. study.Finalists is not { } cut ? (string[])[] :
        [
            FormattableString.Invariant($"The grid is cut to the best {cut.Cells} cells of each remedy in {cut.From}, and the losses by ")
                + "themselves: means over the grid are over those.",
        ],
        .. models.SelectMany(model => data.Select(rows => LostRows.Line(model.Name, rows, read(rows)))).OfType<string>().Distinct(),
    ];

    /// <summary>What a reader of samples needs beside them, before there are any: prompts and the data set's responses.</summary>
    /// <param name="runner">Has read the data.</param>
    public void PublishPrompts(string directory, Runner runner) =>
        PromptsFile.Write(directory, Prompts.Rows, runner.DirectoryOf(Prompts.Rows));

    /// <summary>Files for people beside the report.</summary>
    /// <param name="runner">Of the finished study: reads what is stored.</param>
    public void Publish(string directory, Runner runner)
    {
        SampledRow[] rows = [.. Evaluations.OfType<DescribeCheckpoint>().Select(SampledRow.Of), .. Pools.Select(SampledRow.Of)];
        ResponsesIndex.Write(directory, rows, runner.DirectoryOf);
        if (judge is not null)
        {
            WinRatesIndex.Write(directory, rows, runner);
        }
    }

    /// <summary>How good the reward models are that runs of RLHF learned from; none without such runs.</summary>
    /// <param name="runner">Of the finished study: reads what is stored.</param>
    public IReadOnlyList<RewardModelSummary> RewardModels(Runner runner) =>
    [
        .. rewards.Select(reward => new RewardModelSummary(
            reward.ModelName, reward.AlignmentSeed,
            RewardQuality.Of(
                "", RewardQuality.Mean([.. reward.HeldOut.Select(member => HeldOutReward.Read(runner.DirectoryOf(member)))])).HeldOut)),
    ];

    /// <summary>One row per pool, whatever the number of n.</summary>
    private IEnumerable<DescribeBestOfN> Pools => Evaluations.OfType<DescribeBestOfN>().DistinctBy(best => best.Pool.Key);

    private IEnumerable<Step<CheckpointEvaluation>> OfModel(StudyModel model)
    {
        TrainingRuns runs = new(study, model, read);
        ModelSource reference = runs.Reference();
        ReferenceScores heldOut = Scores(model, reference, model.Rows.HeldOut);
        foreach (IGrouping<int, StudyCell> seed in StudyCell.Of(study).Where(cell => cell.Model == model.Name).GroupBy(cell => cell.Seed))
        {
            RlhfRuns? rlhf = !seed.Any(cell => cell.NeedsReward) ? null : new RlhfRuns(study, model, reference, seed.Key, read);
            if (rlhf is not null)
            {
                rewards.Add(rlhf);
            }

            CheckpointSteps steps = new(study, model, judge, rlhf?.Reward, seed.Key, read);
            DescribeCheckpoint start = steps.OfReference(reference, heldOut);
            yield return start;
            foreach (StudyCell cell in seed.Where(cell => cell.Loss != RlhfMethods.BestOfN))
            {
                PreferenceLoss? loss = cell.IsDirect ? cell.CreateLoss() : null;
                IEnumerable<(double, TrainingSegment)> checkpoints = loss is not null
                    ? Direct(cell, rlhf?.Reward)
                    : rlhf!.Ppo(cell.Beta, Checkpoints).Select(part => (part.Fraction, (TrainingSegment)part.Segment));
                AveragedRuns? averages = cell.Average is not { } average ? null : new AveragedRuns(
                    average, reference,
                    average is SeedSoup ? [.. cell.OfAllSeeds(study).Select(other => Direct(other, reward: null).ToArray())] : []);

                // Seeds that share their pairs share the labels' cost too.
                int labelSets = cell.Average is SeedSoup
                    ? cell.OfAllSeeds(study).Select(other => model.Rows.Preferences(other.Seed).Key).Distinct().Count()
                    : 1;
                foreach ((double fraction, TrainingSegment segment) in checkpoints)
                {
                    bool isLast = fraction == Checkpoints[^1];
                    yield return steps.Of(
                        cell, fraction, isLast, segment, new HeldOutPairs(model.Rows.HeldOut, heldOut, loss), start,
                        averages?.Next(fraction, segment), labelSets);
                }
            }

            if (seed.Any(cell => cell.Loss == RlhfMethods.BestOfN))
            {
                foreach (DescribeBestOfN best in steps.BestOfN(reference, start))
                {
                    yield return best;
                }
            }
        }

        IEnumerable<(double Fraction, TrainingSegment Segment)> Direct(StudyCell cell, RewardUse? reward)
        {
            TokenizePairs pairs = model.Rows.Preferences(cell.Seed);
            OnlineRounds? rounds = cell.Supply is not OnlinePairs online ? null : new OnlineRounds(
                study, model, online, OnlineRounds.LabelsOf(online, pairs, reward, judge), cell.Seed, read);
            ReferenceScores scores = Scores(model, reference, pairs);
            RemedyPlan? remedies = cell.CreateRemedies(study.Align.BatchSize);
            EvidencedRuns evidence = new(study, model, runs, reference, scores, reward, cell.Seed, read);
            PreferenceLoss loss = cell.CreateLoss();
            return runs.Checkpoints(
                reference, scores, loss, remedies?.Training(), rounds, evidence.Kept(cell.Supply, loss),
                evidence.Noise(remedies?.Smoothing, loss), cell.Seed).Select(part => (part.Fraction, (TrainingSegment)part.Segment));
        }
    }

    private ReferenceScores Scores(StudyModel model, ModelSource reference, TokenizePairs rows) =>
        PairInputs.Scores(reference, model.Config, rows, read(rows), RowBudget) with { ModelName = model.Name };
}
