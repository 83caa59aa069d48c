using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Filtering;

/// <summary>r(y_w) − r(y_l) of a reward model, or of several as one.</summary>
public sealed record RewardMargins : PairMargins
{
    private const int PairsAtOnce = 256;

    public required TokenizePairs Rows { get; init; }

    public required SampleReward Reward { get; init; }

    /// <summary>Token rows that are computed at once.</summary>
    [NotInKey]
    public required int RowBudget { get; init; }

    /// <summary>Floating-point operations, about.</summary>
    [NotInKey]
    public required double Cost { get; init; }

    public override double EstimatedCost => Cost;

    public override string Label => $"reward margins of {Rows.Source.Name}";

    public override IReadOnlyList<FileNeed> Needs => Reward.Needs;

    public override IEnumerable<Step> Work =>
    [
        this,
        .. Reward is not RewardUse models
            ? []
            : models.Members.OfType<StoredModel>().Select(member => member.Step).OfType<TrainingSegment>().SelectMany(Parts),
    ];

    protected override Task<double[]> RunAsync(StepContext context, CancellationToken cancel)
    {
        TokenizedPair[] pairs = ScoredText.Pairs(Rows, context);
        List<double> margins = new(pairs.Length);
        using ISampleReward reward = Reward.Open(context, RowBudget);
        foreach (TokenizedPair[] part in pairs.Chunk(PairsAtOnce))
        {
            PromptTree[] trees = [.. part.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))];
            margins.AddRange(reward.Rewards(trees, cancel).Select(scores => scores[0] - scores[1]));
            context.Report(new ProgressReport((double)margins.Count / pairs.Length));
        }

        return Task.FromResult(margins.ToArray());
    }
}
