using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Measuring;

/// <summary>The reward of a checkpoint's samples, by prompt and sample: the proxy that RLHF optimizes, whoever wrote the samples.</summary>
public sealed record ScoreResponses : ModelStep<double[][]>
{
    public required MeasureCheckpoint Measured { get; init; }

    public required AnsweredPrompts Prompts { get; init; }

    public required RewardUse Reward { get; init; }

    public override string Label => $"reward of {Measured.CheckpointName}";

    public override IReadOnlyList<FileNeed> Needs => Reward.Needs;

    protected override Task<double[][]> RunAsync(StepContext context, CancellationToken cancel)
    {
        SamplingPrompt[] prompts = Prompts.Read(context);
        PromptTree[] trees =
        [
            .. ResponseRecord.Read(context.FileOf(Measured, MeasureCheckpoint.ResponsesFile)).Chunk(Measured.Sampling.Samples)
                .Select((samples, i) => new PromptTree(prompts[i].Tokens, [.. samples.Select(sample => sample.Tokens)])),
        ];
        using ISampleReward reward = Reward.Open(context, RowBudget);
        return Task.FromResult(ResponseTrees.Merge(trees, reward.Rewards(ResponseTrees.Split(trees), cancel)));
    }
}
