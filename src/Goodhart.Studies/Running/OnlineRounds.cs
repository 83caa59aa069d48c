using System.Globalization;
using Goodhart.Alignment.Remedies;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Labelling;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>A run's rounds: whose responses each part of it is trained on, and who labels them.</summary>
/// <param name="read">The account of the study's rows.</param>
internal sealed class OnlineRounds(
    StudyDefinition study, StudyModel model, OnlinePairs online, PairLabels labels, int alignmentSeed,
    Func<TokenizeRows, TokenizedData> read)
{
    private readonly TokenizePairs asked = model.Rows.Preferences(alignmentSeed);

    private int Rounds => (int)online.Rounds;

    /// <summary>For labels: runs of a study may differ in nothing else.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{online.Name}:rounds={Rounds}");

    /// <summary>Of each round: its last partial batch is dropped, as an epoch's is.</summary>
    private int UpdatesPerRound => read(asked).Rows / Rounds / study.Align.BatchSize;

    /// <summary>Of the run.</summary>
    /// <exception cref="StudyFileException">A round has less than a batch of prompts.</exception>
    public int Updates() => UpdatesPerRound > 0 ? Rounds * UpdatesPerRound : throw new StudyFileException(string.Create(
        CultureInfo.InvariantCulture,
        $"{study.Name}: align, {online.Name}: {read(asked).Rows} pairs in {Rounds} rounds are less than a batch of "
            + $"{study.Align.BatchSize} each: lower rounds or align.batchSize."));

    /// <summary>Updates after which another round begins, and the last one.</summary>
    public IEnumerable<int> Ends => Enumerable.Range(1, Rounds).Select(round => round * UpdatesPerRound);

    /// <summary>A part within a round, with the pairs that the policy of the round's beginning has written.</summary>
    /// <param name="part">Goes on from the part before it, which ends where it begins.</param>
    public PreferenceSegment Of(PreferenceSegment part, string runName)
    {
        int start = (part.Previous?.End ?? 0) / UpdatesPerRound;
        TrainingSegment? before = part.Previous;
        while (before is not null && before.End > start * UpdatesPerRound)
        {
            before = before.Previous;
        }

        int count = UpdatesPerRound * study.Align.BatchSize;
        TokenizedData data = read(asked);
        SamplePairs pairs = new()
        {
            Policy = before is null ? part.Model : new StoredModel(before),
            Asked = asked,
            Labels = labels,
            Round = start,
            Rounds = Rounds,
            Count = count,
            Temperature = study.Evaluate.Temperature,
            MaxNewTokens = study.Evaluate.MaxNewTokens,
            Seed = study.Seed + (ulong)alignmentSeed,
            RunName = runName,
            RowBudget = StudyGraph.RowBudget,
            Cost = SamplePairs.CostOf(model.Config, data, count, study.Evaluate.MaxNewTokens),
        };
        return part with
        {
            Rows = pairs,
            Reference = PairInputs.Scores(part.Model, model.Config, pairs, data.Of(count), StudyGraph.RowBudget) with
            {
                ModelName = runName,
            },
        };
    }

    /// <summary>Who labels.</summary>
    /// <param name="reward">The study's reward model; null: it has none.</param>
    /// <exception cref="ArgumentException">Nobody does; the message says what is missing.</exception>
    public static PairLabels LabelsOf(OnlinePairs online, TokenizePairs rows, RewardUse? reward, OpenedJudge? judge) => online switch
    {
        OnlineAnnotators or OnlineGold when rows.Source is not WorldRows => throw new ArgumentException(
            $"{online.Name} needs a world, whose annotators and reward can be asked: with data of one's own take online-reward or "
                + "online-judge."),
        OnlineAnnotators => new AnnotatorLabels((WorldRows)rows.Source),
        OnlineGold => new RewardLabels(new WorldGold((WorldRows)rows.Source)),
        OnlineReward => reward is not null ? new RewardLabels(reward) : throw new ArgumentException(
            "online-reward needs the key 'rlhf': how its reward model is trained, or where it is."),
        OnlineJudge when judge?.Identity is RewardModelIdentity { Model: { } model } => new JudgeLabels(model, rows),
        OnlineJudge => throw new ArgumentException(
            judge?.Identity is GoldIdentity
                ? "online-judge needs a reward model as judge, and the gold reward judges here: take online-gold."
                : "online-judge needs a reward model as judge (judge: {kind: reward-model, from: ...})."),
        _ => throw new NotSupportedException($"{online.Name} has no labels here."),
    };
}
