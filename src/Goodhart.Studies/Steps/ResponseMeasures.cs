using Goodhart.Evaluation.Divergence;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Responses;
using Goodhart.Models.Sampling;
using Goodhart.Studies.Worlds;

namespace Goodhart.Studies.Steps;

/// <summary>What the sampled responses say: divergences, gold reward and win rate, length, repetition.</summary>
/// <remarks>Standard errors are over prompts, of the per-prompt means over samples.</remarks>
internal sealed class ResponseMeasures
{
    private readonly Rollout[][] rollouts;
    private readonly GoldScore[][] gold;
    private readonly ResponseDivergence[][] divergences;
    private readonly GoldScore[] references;

    /// <param name="rollouts">By prompt, then by sample.</param>
    public ResponseMeasures(WorldExample[] prompts, Rollout[][] rollouts, ResponseDivergence[][] divergences)
    {
        this.rollouts = rollouts;
        this.divergences = divergences;
        references = [.. prompts.Select(prompt => prompt.Gold)];
        gold = [.. prompts.Select((prompt, i) => rollouts[i].Select(rollout => GoldReward.Score(prompt.Post, rollout.Tokens)).ToArray())];
        Outcomes = new PerPromptOutcomes(
            PerPrompt((i, s) => gold[i][s].WinOver(references[i])), PerPrompt((i, s) => divergences[i][s].Kl))
        {
            Length = PerPrompt((i, s) => gold[i][s].Length),
            DataLength = [.. references.Select(score => (double)score.Length)],
        };
    }

    public PerPromptOutcomes Outcomes { get; }

    /// <param name="proxy">A reward model's scores by prompt and sample; null for none.</param>
    public CheckpointPoint AddTo(CheckpointPoint point, double[][]? proxy)
    {
        (double Mean, double StandardError)? proxyReward = proxy is null ? null : MeanAndError(PerPrompt((i, s) => proxy[i][s]));
        (double kl, double klSe) = MeanAndError(Outcomes.Kl);
        (double k1, double k1Se) = MeanAndError(PerPrompt((i, s) => divergences[i][s].LogRatio));
        (double win, double winSe) = MeanAndError(Outcomes.Win);
        (double soft, double softSe) = MeanAndError(PerPrompt((i, s) => gold[i][s].SoftWinOver(references[i])));
        (double reward, double rewardSe) = MeanAndError(PerPrompt((i, s) => gold[i][s].Reward));
        (double length, double lengthSe) = MeanAndError(PerPrompt((i, s) => gold[i][s].Length));
        return LengthMeasures.AddTo(point, Flat(rollouts, rollout => rollout.Tokens.Length), Flat(divergences, d => d.LogRatio)) with
        {
            Kl = kl,
            KlSe = klSe,
            KlK1 = k1,
            KlK1Se = k1Se,
            WinRate = win,
            WinRateSe = winSe,
            WinRateSoft = soft,
            WinRateSoftSe = softSe,
            GoldReward = reward,
            GoldRewardSe = rewardSe,
            ProxyReward = proxyReward?.Mean,
            ProxyRewardSe = proxyReward?.StandardError,
            Length = length,
            LengthSe = lengthSe,
            EosRate = MeanAndError(PerPrompt((i, s) => rollouts[i][s].Finished ? 1 : 0)).Mean,
            Repetition = MeanAndError(PerPrompt((i, s) => Repetition.Share(rollouts[i][s].Tokens))).Mean,
        };
    }

    /// <summary>The first sample of every prompt.</summary>
    public int[][] FirstTokens => [.. rollouts.Select(samples => samples[0].Tokens)];

    public IReadOnlyList<EvaluatedResponse> FirstResponses(WorldExample[] prompts) =>
    [
        .. prompts.Select((_, i) => new EvaluatedResponse(
            TldrWorld.Tokenizer.Decode(WithoutEos(rollouts[i][0])), gold[i][0].Reward)),
    ];

    public IReadOnlyDictionary<string, double> SlotAccuracy(WorldExample[] prompts) =>
        Worlds.SlotAccuracy.Of([.. prompts.Select(prompt => prompt.Post)], [.. rollouts.Select(samples => samples[0].Tokens)])
            .Where(slot => slot.Share is not null)
            .ToDictionary(slot => slot.Letter.ToString(), slot => slot.Share!.Value);

    internal static (double Mean, double StandardError) MeanAndError(double[] values)
    {
        double mean = values.Average();
        double variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        return (mean, Math.Sqrt(variance / values.Length));
    }

    private static double[] Flat<T>(T[][] samples, Func<T, double> value) => [.. samples.SelectMany(prompt => prompt.Select(value))];

    private static int[] WithoutEos(Rollout rollout) => rollout.Finished ? rollout.Tokens[..^1] : rollout.Tokens;

    private double[] PerPrompt(Func<int, int, double> value) =>
        [.. rollouts.Select((samples, i) => Enumerable.Range(0, samples.Length).Average(s => value(i, s)))];
}
