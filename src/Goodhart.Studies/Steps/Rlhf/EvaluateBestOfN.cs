using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Pipeline;
using Goodhart.Studies.Worlds;

namespace Goodhart.Studies.Steps;

/// <summary>Best-of-n as a policy: the mean over all subsets of n of the pool of what their best sample is worth.</summary>
public sealed record EvaluateBestOfN : Step<CheckpointEvaluation>
{
    public required SamplePool Pool { get; init; }

    /// <summary>The SFT model's own evaluation: for the sizes that a point states.</summary>
    public required EvaluateCheckpoint Start { get; init; }

    public required int N { get; init; }

    public override string Label => FormattableString.Invariant($"best of {N}, {Pool.Sft.Model.Name}");

    protected override bool DependsOnNumerics => false;

    protected override Task<CheckpointEvaluation> RunAsync(StepContext context, CancellationToken cancel)
    {
        PooledSamples pool = context.Get(Pool);
        CheckpointPoint sft = context.Get(Start).Point;
        WorldExample[] prompts = context.Service<WorldRows>().EvaluationPrompts(Pool.Sft.WorldSeed, Pool.Prompts);
        BestOfNMeasures best = new(pool.Proxy, N);
        double[] win = best.Means(pool.Win);
        double[] length = best.Means([.. pool.Samples.Select(samples => Array.ConvertAll(samples, tokens => (double)WithoutEos(tokens).Length))]);
        (MeanEstimate wins, MeanEstimate gold) = (MeanEstimate.Of(win), MeanEstimate.Of(best.Means(pool.Gold)));
        CheckpointPoint point = best.Point(sft, length) with
        {
            WinRate = wins.Mean,
            WinRateSe = wins.StandardError,
            GoldReward = gold.Mean,
            GoldRewardSe = gold.StandardError,
        };
        PerPromptOutcomes outcomes = new(win, best.Kl)
        {
            Length = length,
            DataLength = [.. prompts.Select(prompt => (double)prompt.Gold.Length)],
        };
        return Task.FromResult(new CheckpointEvaluation(point, outcomes, Responses(pool, best.Winners), new Dictionary<string, double>(), 0));
    }

    /// <summary>For reading: the best of each prompt's first n.</summary>
    private static EvaluatedResponse[] Responses(PooledSamples pool, int[] winners) =>
    [
        .. winners.Select((winner, i) => new EvaluatedResponse(TldrWorld.Tokenizer.Decode(WithoutEos(pool.Samples[i][winner])), pool.Gold[i][winner])),
    ];

    private static int[] WithoutEos(int[] tokens) => tokens[^1] == TldrWorld.Eos ? tokens[..^1] : tokens;
}
