using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Judges;

public sealed class ReportTests
{
    [Fact]
    public void A_win_rate_counts_ties_half_and_missing_not()
    {
        WinRate rate = WinRate.Of([Judged(0, 1), Judged(1, 1), Judged(2, 0.5), Judged(3, 0), Judged(4, null)]);
        Assert.Equal((5, 4, 2, 1, 1, 1, 0), (rate.Pairs, rate.Prompts, rate.Wins, rate.Ties, rate.Losses, rate.Unparsable, rate.Refused));
        Assert.Equal(0.625, rate.Rate);
        Assert.Equal(Proportion.Wilson(2.5, 4), rate.Interval);
        Assert.Equal(Proportion.BinomialPAgainstHalf(2, 3), rate.SignTestP);
        Assert.Equal(MeanEstimate.Of([1, 1, 0.5, 0]).StandardError, rate.StandardError);
    }

    [Fact]
    public void Samples_of_one_prompt_are_one_value()
    {
        WinRate rate = WinRate.Of([Judged(0, 1), Judged(0, 0, sample: 1), Judged(1, 1), Judged(1, null, sample: 1)]);
        Assert.Equal((2, 0.75), (rate.Prompts, rate.Rate));
        Assert.Equal(Proportion.Wilson(1.5, 2), rate.Interval);
    }

    [Fact]
    public void Without_a_verdict_there_is_no_rate() =>
        Assert.Contains(
            "none of 1 pair has a verdict: 1 reply",
            Assert.Throws<JudgeException>(() => WinRate.Of([Judged(0, null)])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void One_order_missing_leaves_the_pair_out()
    {
        PairJudgement judgement = new(Rig.Pair(0, 1, 2), [new(false, PairVerdict.First), new(true, null, MissingReason.Unparsable)]);
        Assert.Null(judgement.Score);
        Assert.Equal(0.75, new PairJudgement(judgement.Pair, [new(false, PairVerdict.First), new(true, PairVerdict.Tie)]).Score);
    }

    /// <summary>Cohen's κ by hand: p_o = 7/10; marginals of the first (6, 1, 3)/10 and the second (5, 2, 3)/10, p_e = (30 + 2 +
    /// 9)/100.</summary>
    [Fact]
    public void Kappa_is_agreement_beyond_chance()
    {
        (Outcome, Outcome)[] outcomes =
        [
            .. Repeat(Outcome.Win, Outcome.Win, 4), .. Repeat(Outcome.Win, Outcome.Tie, 1), .. Repeat(Outcome.Win, Outcome.Loss, 1),
            .. Repeat(Outcome.Tie, Outcome.Tie, 1), .. Repeat(Outcome.Loss, Outcome.Loss, 2), .. Repeat(Outcome.Loss, Outcome.Win, 1),
        ];
        Agreement agreement = Agreement.Of(outcomes, seed: 0)!;
        Assert.Equal((10, 0.7), (agreement.Pairs, agreement.Share));
        Assert.Equal((0.7 - 0.41) / (1 - 0.41), agreement.Kappa!.Value, 12);
        Assert.Equal(Proportion.Wilson(7, 10), agreement.Interval);
        Assert.True(agreement.KappaInterval!.Value.Contains(agreement.Kappa.Value));
        Assert.Equal(agreement, Agreement.Of(outcomes, seed: 0));

        Assert.Null(Agreement.Of([], 0));
        Assert.Null(Agreement.Of(Repeat(Outcome.Win, Outcome.Win, 5), 0)!.Kappa);
        Agreement full = Agreement.Of([.. Repeat(Outcome.Win, Outcome.Win, 5), .. Repeat(Outcome.Loss, Outcome.Loss, 5)], 0)!;
        Assert.Equal((1.0, 1.0), (full.Share, full.Kappa!.Value));
        Agreement none = Agreement.Of([.. Repeat(Outcome.Win, Outcome.Loss, 5), .. Repeat(Outcome.Loss, Outcome.Win, 5)], 0)!;
        Assert.Equal(-1.0, none.Kappa!.Value, 12);
    }

    [Fact]
    public void Two_policies_are_compared_on_the_prompts_they_share()
    {
        WinRateDifference difference = WinRateDifference.Of(
            [Judged(0, 1), Judged(1, 1), Judged(2, 0.5), Judged(3, 1), Judged(7, 1)],
            [
                Judged(0, 0), Judged(1, 1), Judged(2, 0), Judged(3, null), Judged(8, 1),
            ], 0)!;
        Assert.Equal((3, 2, 0, 1), (difference.Prompts, difference.FirstBetter, difference.SecondBetter, difference.Ties));
        Assert.Equal(0.5, difference.Difference);
        Assert.Equal(0.5, difference.P, 12);
        Assert.Equal(Bootstrap.PairedMeanDifference([1, 1, 0.5], [0, 1, 0], 0), difference.Interval);
        Assert.Null(WinRateDifference.Of([Judged(0, 1)], [Judged(0, null), Judged(1, 1)], 0));
    }

    [Fact]
    public void Draws_are_addressed_by_prompt()
    {
        ResponsePair[] pairs = Rig.Pairs(400);
        bool[] swapped = [.. pairs.Select(pair => PairDraws.Swapped(1, pair))];
        Assert.InRange(swapped.Count(flip => flip), 160, 240);
        Assert.Equal(swapped, pairs.Select(pair => PairDraws.Swapped(1, pair with { A = new JudgedResponse("other") })));
        Assert.NotEqual(swapped, pairs.Select(pair => PairDraws.Swapped(2, pair)));

        IReadOnlyList<ResponsePair> fewer = Choose(pairs, 20);
        Assert.Equal(20, fewer.Count);
        Assert.Subset(Choose(pairs, 50).ToHashSet(), fewer.ToHashSet());
        Assert.Equal(fewer.ToHashSet(), Choose([.. pairs.Reverse()], 20).ToHashSet());
        Assert.NotEqual(fewer, pairs.Take(20));

        static IReadOnlyList<ResponsePair> Choose(ResponsePair[] pairs, int count) =>
            PairDraws.Choose(pairs, count, 0, "judge/prompts", pair => (pair.Prompt, pair.Sample));
    }

    [Fact]
    public async Task A_scorer_prefers_the_higher_number()
    {
        ScorerJudge judge = new(new LengthScorer());
        IReadOnlyList<PairJudgement> judgements = await judge.JudgeAsync(
            [Rig.Pair(0, 10, 1), Rig.Pair(1, 1, 10), Rig.Pair(2, 1, 2)], null, default);
        Assert.Equal([Outcome.Win, Outcome.Loss, Outcome.Tie], judgements.Select(judgement => judgement.Outcome!.Value));
        Assert.Null(PositionBias.Of(judgements));
        Assert.Equal(0, judge.Forecast([Rig.Pair(0, 10, 1)]).Calls);
    }

    private static (Outcome, Outcome)[] Repeat(Outcome first, Outcome second, int count) => [.. Enumerable.Repeat((first, second), count)];

    private static PairJudgement Judged(int prompt, double? score, int sample = 0) => new(
        Rig.Pair(prompt, 1, 2) with { Sample = sample },
        [
            score is null
                ? new(false, null, MissingReason.Unparsable)
                : new(false, score == 1 ? PairVerdict.First : score == 0 ? PairVerdict.Second : PairVerdict.Tie),
        ]);

    private sealed class LengthScorer : IResponseScorer
    {
        public string Identity => "{}";

        public IReadOnlyList<double> Score(IReadOnlyList<PromptedResponse> responses, CancellationToken cancel) =>
            [.. responses.Select(response => (double)response.Response.Text.Length)];
    }
}
