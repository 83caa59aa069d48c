using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Length;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Length;

public sealed class LengthControlTests
{
    private static readonly LengthOptions Options = new();

    [Fact]   // 20 prompts five tokens shorter with 8 wins, 20 five longer with 14: the logit half way between them is the rate at 0
    public void Two_lengths_either_side_meet_half_way_in_logits()
    {
        LengthControlledWinRate rate = LengthControl.Estimate(TwoLengths(8, 14), null, Options);
        double half = (Logit(0.4) + Logit(0.7)) / 2;
        Assert.Null(rate.Refused);
        Assert.Equal(LogisticRegression.Sigmoid(half), rate.WinRate!.Value, 9);

        double term = Math.Tanh(5 / Math.Sqrt(25 * 40.0 / 39));
        Assert.Equal((Logit(0.7) - Logit(0.4)) / 2 / term, rate.LengthEffect!.Value, 9);
        Assert.False(rate.UsesDifficulty);
    }

    [Fact]
    public void Errors_agree_with_the_bootstrap_over_prompts()
    {
        PerPromptOutcomes outcomes = Simulate(1, 400, 0.08, difficultyEffect: 1, out double[] difficulty);
        LengthControlledWinRate rate = LengthControl.Estimate(outcomes, difficulty, Options);
        double[] refits = [.. Enumerable.Range(0, 400).Select(replicate =>
        {
            RandomStream random = new(5, "resample", (uint)replicate);
            int[] drawn = [.. Enumerable.Range(0, 400).Select(_ => random.NextInt(400))];
            PerPromptOutcomes resampled = new([.. drawn.Select(i => outcomes.Win[i])], [.. drawn.Select(i => outcomes.Kl[i])])
            {
                Length = [.. drawn.Select(i => outcomes.Length![i])],
                DataLength = [.. drawn.Select(i => outcomes.DataLength![i])],
            };
            return LengthControl.Estimate(resampled, [.. drawn.Select(i => difficulty[i])], Options).WinRate!.Value;
        })];
        double deviation = Math.Sqrt(refits.Sum(r => Math.Pow(r - refits.Average(), 2)) / (refits.Length - 1));
        Assert.InRange(rate.StandardError!.Value / deviation, 0.88, 1.12);
        Assert.True(rate.UsesDifficulty);
        Assert.Equal(0, rate.Influence.Sum(), 9);
    }

    [Fact]   // responses are 4 tokens longer and each token adds to the chance: raw rates are too high, controlled ones are not
    public void Removes_the_part_of_the_win_rate_that_is_length()
    {
        List<double> raw = [];
        List<double> controlled = [];
        int covered = 0;
        for (uint repeat = 0; repeat < 200; repeat++)
        {
            PerPromptOutcomes outcomes = Simulate(repeat, 256, 0.08, difficultyEffect: 0, out _);
            LengthControlledWinRate rate = LengthControl.Estimate(outcomes, null, Options);
            raw.Add(outcomes.Win.Average());
            controlled.Add(rate.WinRate!.Value);
            covered += Math.Abs(rate.WinRate.Value - 0.5) < 1.96 * rate.StandardError ? 1 : 0;
        }

        Assert.InRange(raw.Average(), 0.54, 0.62);
        Assert.InRange(controlled.Average(), 0.485, 0.515);
        Assert.InRange(covered, 180, 199);
    }

    [Fact]
    public void Says_why_it_refuses()
    {
        PerPromptOutcomes two = TwoLengths(8, 14);
        Assert.Equal("lengths were not measured", LengthControl.Estimate(two with { Length = null }, null, Options).Refused);
        Expect("no spread of lengths", two with { Length = two.DataLength });
        Expect("every response wins", two with { Win = [.. two.Win.Select(_ => 1.0)] });
        Expect("separates wins from losses", TwoLengths(0, 20));
        Expect("lie outside what was seen: 0 responses as short", two with { Length = [.. two.Length!.Select(l => l + 20)] });
        Expect("12 prompts, 20 are needed", new(new double[12], new double[12]) { Length = new double[12], DataLength = new double[12] });

        static void Expect(string reason, PerPromptOutcomes outcomes)
        {
            LengthControlledWinRate rate = LengthControl.Estimate(outcomes, null, Options);
            Assert.Contains(reason, rate.Refused, StringComparison.Ordinal);
            Assert.Null(rate.WinRate);
        }
    }

    [Fact]
    public void Matched_prompts_are_those_within_the_tolerance()
    {
        // Data 20 tokens: a tenth is 2. Data 5 tokens: a token is allowed all the same.
        PerPromptOutcomes outcomes = new([1, 0, 1, 1, 0], new double[5])
        {
            Length = [22, 18, 23, 6, 7],
            DataLength = [20, 20, 20, 5, 5],
        };
        RateEstimate rate = LengthMatch.Rate(outcomes, Options with { FewestPrompts = 3 });
        Assert.Equal((2.0 / 3, 3), (rate.Value!.Value, rate.Prompts));
        Assert.Equal("3 of 5 prompts match in length, 20 are needed", LengthMatch.Rate(outcomes, Options).Refused);
    }

    [Fact]
    public void Difficulty_comes_from_other_runs_and_explains_wins()
    {
        IReadOnlyList<EvaluatedCheckpoint> study = new SimulatedStudy { Length = (_, _, d) => 15 + d }.Build();
        IReadOnlyList<LengthReading> readings = LengthReading.OfStudy(study, Options);
        Assert.Equal(study.Count, readings.Count);
        Assert.All(readings, reading => Assert.True(reading.Controlled.UsesDifficulty));
        // lengths differ by two or three tokens
        Assert.All(readings, reading => Assert.InRange(Math.Abs(reading.Controlled.WinRate!.Value - reading.Raw.Value!.Value), 0, 0.08));

        // One run alone has no others.
        IReadOnlyList<LengthReading> alone = LengthReading.OfStudy([.. study.Where(c => c.Point.Beta == 0.1)], Options);
        Assert.All(alone, reading => Assert.False(reading.Controlled.UsesDifficulty));
        Assert.Empty(LengthReading.OfStudy(new SimulatedStudy().Build(), Options));
    }

    private static PerPromptOutcomes TwoLengths(int shortWins, int longWins) => new(
        [.. Enumerable.Range(0, 40).Select(i => i < 20 ? (i < shortWins ? 1.0 : 0) : (i - 20 < longWins ? 1.0 : 0))], new double[40])
    {
        Length = [.. Enumerable.Range(0, 40).Select(i => i < 20 ? 10.0 : 20)],
        DataLength = [.. Enumerable.Repeat(15.0, 40)],
    };

    /// <summary>The chance of a win is σ(effect·Δ + difficulty), 1/2 at Δ = 0 on average; Δ is 4 ± 4 tokens.</summary>
    private static PerPromptOutcomes Simulate(uint repeat, int prompts, double effect, double difficultyEffect, out double[] difficulty)
    {
        RandomStream random = new(11, "length", repeat);
        double[] win = new double[prompts];
        double[] length = new double[prompts];
        difficulty = new double[prompts];
        for (int i = 0; i < prompts; i++)
        {
            length[i] = Math.Round(19 + (4 * random.NextNormal()));
            difficulty[i] = random.NextNormal();
            double logit = (effect * (length[i] - 15)) + (difficultyEffect * difficulty[i]);
            win[i] = random.NextDouble() < LogisticRegression.Sigmoid(logit) ? 1 : 0;
        }

        return new(win, new double[prompts]) { Length = length, DataLength = [.. Enumerable.Repeat(15.0, prompts)] };
    }

    private static double Logit(double p) => Math.Log(p / (1 - p));
}
