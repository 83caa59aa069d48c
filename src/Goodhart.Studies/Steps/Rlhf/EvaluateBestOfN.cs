using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Rewards;
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
        BestOfNPool[] best = [.. pool.Proxy.Select(proxy => new BestOfNPool(proxy))];
        double[] Means(Func<int, double[]> values) => [.. best.Select((prompt, i) => prompt.Mean(values(i), N))];

        double[] win = Means(i => pool.Win[i]);
        double[] kl = [.. best.Select(prompt => prompt.Kl(N))];
        double[] length = Means(i => Array.ConvertAll(pool.Samples[i], tokens => (double)WithoutEos(tokens).Length));
        (MeanEstimate wins, MeanEstimate kls, MeanEstimate lengths) = (MeanEstimate.Of(win), MeanEstimate.Of(kl), MeanEstimate.Of(length));
        MeanEstimate gold = MeanEstimate.Of(Means(i => pool.Gold[i]));
        MeanEstimate proxy = MeanEstimate.Of(Means(i => pool.Proxy[i]));
        CheckpointPoint point = new()
        {
            Loss = RlhfMethods.BestOfN,
            Model = sft.Model,
            Parameters = sft.Parameters,
            NonEmbedding = sft.NonEmbedding,
            Seed = sft.Seed,
            Fraction = 1,
            BestOf = N,
            Kl = kls.Mean,
            KlSe = kls.StandardError,
            KlBound = BestOfN.Kl(N),
            WinRate = wins.Mean,
            WinRateSe = wins.StandardError,
            GoldReward = gold.Mean,
            GoldRewardSe = gold.StandardError,
            ProxyReward = proxy.Mean,
            ProxyRewardSe = proxy.StandardError,
            Length = lengths.Mean,
            LengthSe = lengths.StandardError,
        };
        PerPromptOutcomes outcomes = new(win, kl)
        {
            Length = length,
            DataLength = [.. prompts.Select(prompt => (double)prompt.Gold.Length)],
        };
        return Task.FromResult(new CheckpointEvaluation(point, outcomes, Responses(pool), new Dictionary<string, double>(), 0));
    }

    /// <summary>For reading: the best of each prompt's first n.</summary>
    private EvaluatedResponse[] Responses(PooledSamples pool) =>
    [
        .. pool.Proxy.Select((proxy, i) =>
        {
            int winner = Enumerable.Range(0, N).MaxBy(k => proxy[k]);
            return new EvaluatedResponse(TldrWorld.Tokenizer.Decode(WithoutEos(pool.Samples[i][winner])), pool.Gold[i][winner]);
        }),
    ];

    private static int[] WithoutEos(int[] tokens) => tokens[^1] == TldrWorld.Eos ? tokens[..^1] : tokens;
}
