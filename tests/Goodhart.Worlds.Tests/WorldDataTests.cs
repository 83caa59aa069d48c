using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Worlds.Tests;

/// <summary>The data sets' addresses, and their statistics against those measured with the first implementation.</summary>
public sealed class WorldDataTests
{
    private static readonly WorldData Data = new(0);

    [Fact]
    public void A_larger_set_begins_with_the_smaller()
    {
        AssertSame(Data.Sft(5), Data.Sft(9)[..5]);
        AssertSame(Data.Pretraining(5), Data.Pretraining(9)[..5]);
        AssertSame(Data.EvaluationPrompts(5), Data.EvaluationPrompts(9)[..5]);
        Assert.Equal(Data.Preferences(3, 5).Select(Row), Data.Preferences(3, 9)[..5].Select(Row));
        Assert.Equal(Data.HeldOutPairs(5).Select(Row), Data.HeldOutPairs(9)[..5].Select(Row));
    }

    [Fact]
    public void Sets_and_seeds_share_no_rows()
    {
        string[] prompts =
        [
            .. Data.Pretraining(50).Select(Prompt),
            .. Data.Sft(50).Select(Prompt),
            .. Data.EvaluationPrompts(50).Select(Prompt),
            .. Data.HeldOutPairs(50).Select(pair => Text(pair.Post.Prompt)),
            .. Data.Preferences(0, 50).Select(pair => Text(pair.Post.Prompt)),
            .. Data.Preferences(1, 50).Select(pair => Text(pair.Post.Prompt)),
            .. new WorldData(1).Sft(50).Select(Prompt),
        ];
        Assert.Equal(7 * 50, prompts.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Rows_carry_their_address_and_tokens()
    {
        WorldPair pair = Data.Preferences(0, 3)[2];
        Assert.Equal(2, pair.Id);
        Assert.Equal(
            (2, pair.Post.Prompt, pair.Chosen, pair.Rejected),
            (pair.Tokens.Id, pair.Tokens.Prompt, pair.Tokens.Chosen, pair.Tokens.Rejected));

        WorldExample example = Data.Sft(2)[1];
        Assert.Equal((1, example.Post.Prompt, example.Response), (example.Tokens.Id, example.Tokens.Prompt, example.Tokens.Response));
        Assert.Equal(GoldReward.Score(example.Post, example.Response), example.Gold);
    }

    [Fact]
    public void A_set_may_be_empty_but_not_negative()
    {
        Assert.Empty(Data.Sft(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data.Sft(-1));
    }

    // Expected values: the reference study's where it states them, else 20,000 rows of tests/golden/world/prototype.py with Python's
    // own random numbers. Tolerance: four standard errors of the difference.
    [Fact]
    public void Prompts_are_as_long_as_measured()
    {
        int[] lengths = [.. Data.Pretraining(20000).Select(row => row.Post.Prompt.Length)];
        AssertMean(56.2, 0.1, lengths.Select(n => (double)n));
        Assert.InRange(lengths.Max(), 66, 70);
    }

    [Fact]
    public void Reference_summaries_are_as_measured()
    {
        WorldExample[] rows = Data.Sft(20000);
        AssertScores([3.5744, 4.2973, 0.3612, 0.0881, 0.0644, 15.2951], [0.0122, 0.0093, 0.0044, 0.0020, 0.0019, 0.0401], rows);
        Assert.All(rows, row => Assert.Equal(TldrWorld.Eos, row.Response[^1]));
    }

    [Fact]
    public void Pretraining_summaries_are_as_measured() => AssertScores(
        [2.9842, 4.2205, 0.5361, 0.1308, 0.1057, 16.2641],
        [0.0148, 0.0110, 0.0055, 0.0024, 0.0024, 0.0510],
        Data.Pretraining(20000));

    [Fact]
    public void Preferences_are_as_measured()
    {
        WorldPair[] pairs = Data.Preferences(0, 8192);

        AssertMean(0.788, 0.004, pairs.Select(pair => pair.ChosenGold.WinOver(pair.RejectedGold)));
        AssertMean(0.593, 0.005, pairs.Select(pair => 0.5 + (0.5 * Math.Sign(pair.Chosen.Length - pair.Rejected.Length))));

        // With EOS counted.
        AssertMean(17.78, 0.065, pairs.Select(pair => (double)pair.Chosen.Length));
        AssertMean(16.05, 0.074, pairs.Select(pair => (double)pair.Rejected.Length));
        Assert.All(pairs, pair => Assert.NotEqual(pair.Chosen, pair.Rejected));
    }

    [Fact]
    public void Without_the_length_bias_labels_follow_the_gold_reward_alone()
    {
        WorldData unbiased = Data with { Sampler = new() { LengthBias = 0 } };
        WorldPair[] pairs = unbiased.Preferences(0, 8192);

        AssertMean(0.538, 0.005, pairs.Select(pair => 0.5 + (0.5 * Math.Sign(pair.Chosen.Length - pair.Rejected.Length))));
    }

    [Fact]
    public void Label_probability_is_bradley_terry_with_a_length_bias()
    {
        GoldScore a = new(250, 0, 0, 0, 0, 20, Ended: true);
        GoldScore b = new(125, 0, 0, 0, 0, 10, Ended: true);

        Assert.Equal(1 / (1 + Math.Exp(-(1 + 0.6))), new PreferenceSampler().Probability(a, b), 1e-15);
        Assert.Equal(1 / (1 + Math.Exp(2.5)), new PreferenceSampler { Temperature = 0.5, LengthBias = 0 }.Probability(b, a), 1e-15);
    }

    [Fact]
    public void Noise_turns_round_that_share_of_the_labels()
    {
        GoldScore a = new(250, 0, 0, 0, 0, 20, Ended: true);
        GoldScore b = new(125, 0, 0, 0, 0, 10, Ended: true);
        double meant = new PreferenceSampler().Probability(a, b);
        Assert.Equal((0.75 * meant) + (0.25 * (1 - meant)), new PreferenceSampler { Noise = 0.25 }.Probability(a, b), 1e-15);
        Assert.Equal(0.5, new PreferenceSampler { Noise = 0.5 }.Probability(a, b), 1e-15);

        // The same posts and summaries: a row's stream is used up alike, and only labels differ.
        WorldPair[] clean = Data.Preferences(0, 4000);
        WorldPair[] noisy = (Data with { Sampler = new() { Noise = 0.25 } }).Preferences(0, 4000);
        int turned = clean.Zip(noisy).Count(pair => !pair.First.Chosen.AsSpan().SequenceEqual(pair.Second.Chosen));
        Assert.All(clean.Zip(noisy), pair => Assert.Equal(
            new[] { Text(pair.First.Chosen), Text(pair.First.Rejected) }.Order(),
            new[] { Text(pair.Second.Chosen), Text(pair.Second.Rejected) }.Order()));

        // One draw decides both: it turns where it lies between the two probabilities, E |p − p′| = ε E |2p − 1|.
        double expected = clean.Average(pair => 0.25 * Math.Abs(
            (2 * new PreferenceSampler().Probability(pair.ChosenGold, pair.RejectedGold)) - 1));
        Assert.InRange(turned / 4000.0, expected - 0.02, expected + 0.02);
    }

    [Fact]
    public void Human_slot_accuracy_is_high_in_every_slot()
    {
        WorldExample[] rows = Data.Sft(5000);
        Assert.All(
            SlotAccuracy.Of([.. rows.Select(row => row.Post)], [.. rows.Select(row => row.Response)]),
            slot => Assert.InRange(slot.Share!.Value, 0.88, 0.97));
    }

    private static void AssertScores(double[] means, double[] errors, WorldExample[] rows)
    {
        Func<GoldScore, double>[] parts =
            [s => s.Reward, s => s.Covered, s => s.Hallucinated, s => s.Repeated, s => s.Malformed, s => s.Length];
        GoldScore[] scores = [.. rows.Select(row => row.Gold)];
        for (int i = 0; i < parts.Length; i++)
        {
            AssertMean(means[i], errors[i], scores.Select(parts[i]));
        }
    }

    private static void AssertMean(double expected, double expectedError, IEnumerable<double> sample)
    {
        double[] values = [.. sample];
        double mean = values.Average();
        double variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
        double error = Math.Sqrt((variance / values.Length) + (expectedError * expectedError));
        double distance = (mean - expected) / error;
        Assert.True(Math.Abs(distance) <= 4, $"expected {expected}, got {mean}: {distance:F1} standard errors off");
    }

    private static void AssertSame(WorldExample[] expected, WorldExample[] actual) =>
        Assert.Equal(expected.Select(Row), actual.Select(Row));

    private static (int Id, string Prompt, string Response) Row(WorldExample row) => (row.Id, Prompt(row), Text(row.Response));

    private static (int Id, string Prompt, string Chosen, string Rejected) Row(WorldPair pair) =>
        (pair.Id, Text(pair.Post.Prompt), Text(pair.Chosen), Text(pair.Rejected));

    private static string Prompt(WorldExample row) => Text(row.Post.Prompt);

    private static string Text(int[] ids) => TldrWorld.Tokenizer.Decode(ids);
}
