using System.Globalization;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Steps.Filtering;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>What speaks for and against the labels of an alignment seed's pairs, and what runs make of it.</summary>
/// <param name="runs">Trains the policies that are aligned on a half of the pairs.</param>
/// <param name="scores">The reference's log-probs of all of the seed's pairs.</param>
/// <param name="reward">The study's reward model; null: it has none.</param>
/// <param name="read">The account of the study's rows.</param>
internal sealed class EvidencedRuns(
    StudyDefinition study, StudyModel model, TrainingRuns runs, ModelSource reference, ReferenceScores scores, RewardUse? reward,
    int alignmentSeed, Func<TokenizeRows, TokenizedData> read)
{
    private readonly TokenizePairs all = model.Rows.Preferences(alignmentSeed);

    private TokenizedData Data => read(all);

    private ulong Seed => study.Seed + (ulong)alignmentSeed;

    /// <summary>The pairs that a filter keeps; null where there is none.</summary>
    /// <exception cref="StudyFileException">What is kept is less than a batch.</exception>
    public TrainedPairs? Kept(PairSupply? supply, PreferenceLoss loss)
    {
        if (supply is not FilteredPairs filter)
        {
            return null;
        }

        int count = filter.Count(Data.Rows);
        if (count < study.Align.BatchSize)
        {
            throw new StudyFileException(string.Create(
                CultureInfo.InvariantCulture,
                $"{study.Name}: align, {filter.Name}: of {Data.Rows} pairs {count} are kept, less than a batch of "
                    + $"{study.Align.BatchSize}: raise keep or lower align.batchSize."));
        }

        PairMargins margins = filter switch
        {
            RewardFilter or ConfidenceFilter => Rewarded(),
            ReferenceFilter => new ReferenceMargins { Rows = all, Scores = scores },
            CrossFitFilter => CrossFitted(loss),
            _ => throw new NotSupportedException($"{filter.Name} is no filter of a study's."),
        };
        return PartOf(
            new KeptPairs(all, margins, filter), count, string.Create(CultureInfo.InvariantCulture, $"{filter.Name}:keep={filter.Keep}"));
    }

    /// <summary>Estimates the share of flipped labels; null where nothing asks for it.</summary>
    public EstimateNoise? Noise(EstimatedSmoothing? smoothing, PreferenceLoss loss) => smoothing switch
    {
        null => null,
        CrossFitSmoothing => new EstimateNoise { Margins = CrossFitted(loss) },
        RewardSmoothing => new EstimateNoise { Margins = Rewarded() },
        _ => throw new NotSupportedException($"{smoothing.Name} is no estimate of a study's."),
    };

    /// <exception cref="ArgumentException">The study lacks what the run needs.</exception>
    public static void Require(StudyDefinition study, StudyCell cell)
    {
        if (cell.Remedies is { } remedies && cell.Supply is not OnlinePairs && cell.NeedsReward && study.Rlhf is null)
        {
            throw new ArgumentException($"{remedies} needs the key 'rlhf': how its reward model is trained, or where it is.");
        }
    }

    private RewardMargins Rewarded() => new()
    {
        Rows = all,
        Reward = reward ?? throw new InvalidOperationException($"{study.Name}: there is no reward model."),
        RowBudget = StudyGraph.RowBudget,
        Cost = scores.Cost * reward.Members.Count,
    };

    /// <summary>Each half's margins by the policy that the other half has made.</summary>
    private CrossFittedMargins CrossFitted(PreferenceLoss loss)
    {
        HalfOfPairs[] halves = [new(all, 0, Seed), new(all, 1, Seed)];
        TrainedPairs[] parts = [.. halves.Select(half => PartOf(half, half.Count(Data.Rows), $"half {half.Half + 1}"))];
        StoredModel[] policies = [.. parts.Select(part => new StoredModel(runs.OfPart(reference, part, loss, alignmentSeed)))];
        return new CrossFittedMargins
        {
            Halves = halves,
            Policy = [.. parts.Select((part, i) => ScoresOf(part.Rows, policies[1 - i], part.Count, $"policy of half {2 - i}"))],
            Reference = [.. parts.Select(part => part.Scores)],
        };
    }

    private TrainedPairs PartOf(IPairRows rows, int count, string name) => new(name, rows, ScoresOf(rows, reference, count, name), count);

    private ReferenceScores ScoresOf(IPairRows rows, ModelSource by, int count, string name) =>
        PairInputs.Scores(by, model.Config, rows, Data, StudyGraph.RowBudget) with
        {
            ModelName = $"{model.Name} {name}",
            Cost = scores.Cost * count / Data.Rows,
        };
}

/// <summary>Pairs that a run is trained on in place of the data's.</summary>
/// <param name="Name">For labels: runs of a study may differ in nothing else.</param>
/// <param name="Scores">The reference's log-probs of them.</param>
/// <param name="Count">How many there are.</param>
internal sealed record TrainedPairs(string Name, IPairRows Rows, ReferenceScores Scores, int Count);
