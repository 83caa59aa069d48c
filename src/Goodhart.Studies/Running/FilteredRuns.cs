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

/// <summary>Which of an alignment seed's pairs a run is trained on, and what says so.</summary>
/// <param name="runs">Trains the policies that are aligned on a half of the pairs.</param>
/// <param name="scores">The reference's log-probs of all of the seed's pairs.</param>
/// <param name="reward">The study's reward model; null: it has none.</param>
/// <param name="read">The account of the study's rows.</param>
internal sealed class FilteredRuns(
    StudyDefinition study, StudyModel model, TrainingRuns runs, ModelSource reference, ReferenceScores scores, RewardUse? reward,
    int alignmentSeed, Func<TokenizeRows, TokenizedData> read)
{
    private readonly TokenizePairs all = model.Rows.Preferences(alignmentSeed);

    private TokenizedData Data => read(all);

    /// <exception cref="StudyFileException">What is kept is less than a batch.</exception>
    public TrainedPairs Of(FilteredPairs filter, PreferenceLoss loss)
    {
        int count = filter.Count(Data.Rows);
        if (count < study.Align.BatchSize)
        {
            throw new StudyFileException(string.Create(
                CultureInfo.InvariantCulture,
                $"{study.Name}: align, {filter.Name}: of {Data.Rows} pairs {count} are kept, less than a batch of "
                    + $"{study.Align.BatchSize}: raise keep or lower align.batchSize."));
        }

        KeptPairs kept = new(all, Margins(filter, loss), filter);
        string name = string.Create(CultureInfo.InvariantCulture, $"{filter.Name}:keep={filter.Keep}");
        return new TrainedPairs(name, kept, ScoresOf(kept, reference, count, name), count);
    }

    private PairMargins Margins(FilteredPairs filter, PreferenceLoss loss) => filter switch
    {
        RewardFilter or ConfidenceFilter => new RewardMargins
        {
            Rows = all,
            Reward = reward ?? throw new InvalidOperationException($"{filter.Name}: the study has no reward model."),
            RowBudget = StudyGraph.RowBudget,
            Cost = scores.Cost * reward.Members.Count,
        },
        ReferenceFilter => new ReferenceMargins { Rows = all, Scores = scores },
        CrossFitFilter => CrossFitted(loss),
        _ => throw new NotSupportedException($"{filter.Name} is no filter of a study's."),
    };

    /// <summary>Each half's margins by the policy that the other half has made.</summary>
    public CrossFittedMargins CrossFitted(PreferenceLoss loss)
    {
        HalfOfPairs[] halves = [new(all, 0, Seed), new(all, 1, Seed)];
        TrainedPairs[] parts =
        [
            .. halves.Select(half => new TrainedPairs(
                $"half {half.Half + 1}", half, ScoresOf(half, reference, half.Count(Data.Rows), $"half {half.Half + 1}"),
                half.Count(Data.Rows))),
        ];
        StoredModel[] policies = [.. parts.Select(part => new StoredModel(runs.OfPart(reference, part, loss, alignmentSeed)))];
        return new CrossFittedMargins
        {
            Halves = halves,
            Policy = [.. parts.Select((part, i) => ScoresOf(part.Rows, policies[1 - i], part.Count, $"policy of half {2 - i}"))],
            Reference = [.. parts.Select(part => part.Scores)],
        };
    }

    private ulong Seed => study.Seed + (ulong)alignmentSeed;

    private ReferenceScores ScoresOf(IPairRows rows, ModelSource by, int count, string name) =>
        PairInputs.Scores(by, model.Config, rows, Data, StudyGraph.RowBudget) with
        {
            ModelName = $"{model.Name} {name}",
            Cost = scores.Cost * count / Data.Rows,
        };

    /// <exception cref="ArgumentException">The study lacks what the filter needs.</exception>
    public static void Require(StudyDefinition study, FilteredPairs filter)
    {
        if (filter.NeedsReward && study.Rlhf is null)
        {
            throw new ArgumentException($"{filter.Name} needs the key 'rlhf': how its reward model is trained, or where it is.");
        }
    }
}

/// <summary>Pairs that a run is trained on in place of the data's.</summary>
/// <param name="Name">For labels: runs of a study may differ in nothing else.</param>
/// <param name="Scores">The reference's log-probs of them.</param>
/// <param name="Count">How many there are.</param>
internal sealed record TrainedPairs(string Name, IPairRows Rows, ReferenceScores Scores, int Count);
