using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Statistics;
using Goodhart.Pipeline;
using Goodhart.Steps.Measuring;
using Goodhart.Worlds;

namespace Goodhart.Steps.Judging;

/// <summary>The gold reward of the synthetic world. It reads token ids of the world's vocabulary.</summary>
public sealed record GoldIdentity(ulong WorldSeed) : JudgeIdentity
{
    public override Task<Verdicts> JudgeAsync(
        StepContext context, JudgedSamples samples, IProgress<JudgeProgress> progress, CancellationToken cancel)
    {
        PostIndex index = context.Service<SharedReads>()
            .Get(FormattableString.Invariant($"gold {WorldSeed}"), () => PostIndex.HeldOut(WorldSeed));
        Post[] posts = Array.ConvertAll(samples.Prompts, row => index.Require(row.Prompt, WorldSeed));
        GoldScore[] references = [.. samples.Prompts.Select((row, i) => GoldReward.Score(posts[i], row.Response))];
        GoldScore[][] scores =
        [
            .. samples.Samples.Select((own, i) => Array.ConvertAll(own, sample => GoldReward.Score(posts[i], sample.Tokens))),
        ];
        GoldMeasures gold = new(
            [.. scores.Select(own => Array.ConvertAll(own, score => score.Reward))],
            Array.ConvertAll(references, score => score.Reward),
            MeanEstimate.Of([.. scores.Select((own, i) => own.Average(score => score.SoftWinOver(references[i])))]),
            SlotAccuracy.Of(posts, [.. samples.Samples.Select(own => own[0].Tokens)]).Where(slot => slot.Share is not null)
                .ToDictionary(slot => slot.Letter.ToString(), slot => slot.Share!.Value));
        GoldScore[] flat = [.. scores.SelectMany(own => own)];
        PairJudgement[] judgements =
        [
            .. samples.Pairs.Select((pair, i) => new PairJudgement(pair, [Verdict(flat[i], references[i / scores[0].Length])])),
        ];
        return Task.FromResult(new Verdicts(judgements) { Gold = gold });
    }

    /// <summary>Nothing: scoring again costs less than reading.</summary>
    public override void Write(string directory, Verdicts verdicts)
    {
    }

    private static OrderedVerdict Verdict(GoldScore own, GoldScore reference) => new(Swapped: false, own.WinOver(reference) switch
    {
        1 => PairVerdict.First,
        0 => PairVerdict.Second,
        _ => PairVerdict.Tie,
    });
}

/// <summary>What the gold reward says of a checkpoint's samples.</summary>
/// <param name="Rewards">By prompt and sample.</param>
/// <param name="References">Of the data set's responses, by prompt.</param>
/// <param name="SoftWinRate">Mean probability of a win under Bradley-Terry.</param>
/// <param name="SlotAccuracy">By slot letter, of each prompt's first sample; slots that no response names are missing.</param>
public sealed record GoldMeasures(
    double[][] Rewards, double[] References, MeanEstimate SoftWinRate, IReadOnlyDictionary<string, double> SlotAccuracy);
