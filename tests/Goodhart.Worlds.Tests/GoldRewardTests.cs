using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Worlds.Tests;

public sealed class GoldRewardTests
{
    /// <summary>My sister stole my car; she is 21; it was at home; I feel sad; I like tea. No day and no action.</summary>
    private static readonly Post Story = new(
        [Id("sister"), Id("stole"), Id("car"), Id("21"), Id("home"), -1, Id("sad"), -1],
        [[Id("boss")], [], [], [Id("40")], [], [], [], []],
        Id("tea"),
        [Id("TL;DR:")]);

    [Theory]
    // what it covers
    [InlineData("my sister stole my car . <eos>", 300)]
    [InlineData("my sister stole my car . my sister is 21 . it was at home . i feel sad . <eos>", 600)]
    [InlineData("my boss stole my car . <eos>", 100)]   // two covered, one hallucinated
    [InlineData("my boss broke my bike . <eos>", -300)]
    [InlineData("i feel sad . <eos>", 100)]
    [InlineData("i feel happy . <eos>", -100)]
    [InlineData("it was on monday . <eos>", -100)]   // the post tells no day
    [InlineData("should i sue ? <eos>", -100)]
    // the age clause earns its age only, and for the right person only
    [InlineData("my sister is 21 . <eos>", 100)]
    [InlineData("my sister is 40 . <eos>", -100)]
    [InlineData("my boss is 21 . <eos>", -100)]
    [InlineData("my boss is 40 . <eos>", -100)]
    // a like is no fact
    [InlineData("i like tea . <eos>", 0)]
    [InlineData("i like pizza . <eos>", -100)]
    // repetition is by kind, whatever the words
    [InlineData("i feel sad . i feel sad . <eos>", 0)]
    [InlineData("i feel happy . i feel sad . <eos>", -200)]
    [InlineData("i like tea . i like tea . <eos>", -100)]
    [InlineData("i feel sad . i feel sad . i feel sad . <eos>", -100)]
    // malformed clauses; two of them are not a repetition
    [InlineData("my sister stole car . <eos>", -200)]
    [InlineData("i feel sad sad . <eos>", -200)]
    [InlineData("i feel sad ? <eos>", -200)]
    [InlineData("should i leave . <eos>", -200)]
    [InlineData("i feel car . <eos>", -200)]
    [InlineData("it happened at home . <eos>", -200)]   // a sentence of posts, not of summaries
    [InlineData(". . <eos>", -400)]
    [InlineData("i feel sad . my sister <eos>", -100)]   // an unfinished rest is a clause
    [InlineData("i feel <pad> . <eos>", -200)]
    [InlineData("<pad> <eos>", -200)]
    [InlineData("i feel sad . <pad> <eos>", -100)]
    [InlineData("i feel <eos> sad . <eos>", -200)]   // only the last EOS ends
    // the end
    [InlineData("i feel sad .", -200)]
    [InlineData("<eos>", -200)]
    [InlineData("", -500)]
    public void Scores_by_hand(string response, int hundredths) => Assert.Equal(hundredths, Score(response).Hundredths);

    [Theory]
    [InlineData(22, 0)]
    [InlineData(23, 35)]
    [InlineData(25, 105)]
    [InlineData(48, 910)]
    public void Tokens_beyond_22_cost_35_hundredths_each(int length, int cost)
    {
        GoldScore score = GoldReward.Score(Story, [.. Enumerable.Repeat(Id("my"), length), TldrWorld.Eos]);

        Assert.Equal(-200 - cost, score.Hundredths);
        Assert.Equal(length, score.Length);
    }

    [Fact]
    public void Explains_itself()
    {
        GoldScore score = Score("my sister stole my bike . my boss is 21 . i feel sad . i feel sad . it was . i like");
        Assert.Equal(new GoldScore(300 - 200 - 100 - 400 - 70 - 300, 3, 2, 1, 2, Length: 6 + 5 + 4 + 4 + 3 + 2, Ended: false), score);
        Assert.Equal(-7.7, score.Reward);
    }

    [Fact]
    public void Equal_rewards_tie_whatever_they_are_made_of()
    {
        GoldScore one = Score("i feel sad . <eos>");
        GoldScore other = Score("my boss stole my car . <eos>");

        Assert.Equal(0.5, one.WinOver(other));
        Assert.Equal(0.5, one.SoftWinOver(other));
    }

    [Fact]
    public void The_higher_reward_wins()
    {
        GoldScore better = Score("my sister stole my car . <eos>");
        GoldScore worse = Score("i feel sad . <eos>");

        Assert.Equal((1, 0), (better.WinOver(worse), worse.WinOver(better)));
        Assert.Equal(0.8807970779778823, better.SoftWinOver(worse), 1e-15);   // σ(2)
        Assert.Equal(1 - 0.8807970779778823, worse.SoftWinOver(better), 1e-15);
    }

    [Fact]
    public void Slot_accuracy_counts_what_is_named()
    {
        string[] responses =
        [
            "my sister stole my bike . my boss is 21 . it was on monday . <eos>",
            "my boss stole my car . my boss stole my car . i feel sad . <eos>",
            "my sister stole car . i feel happy . i like tea . <eos>",
        ];
        IReadOnlyList<SlotAccuracy> accuracy = SlotAccuracy.Of([Story, Story, Story], [.. responses.Select(Ids)]);

        Assert.Equal("RVONPTFA", string.Concat(accuracy.Select(slot => slot.Letter)));
        Assert.Equal([(2, 1), (2, 2), (2, 1), (1, 1), (0, 0), (1, 0), (2, 1), (0, 0)], accuracy.Select(slot => (slot.Named, slot.Right)));
        Assert.Equal([0.5, 1, 0.5, 1, null, 0, 0.5, null], accuracy.Select(slot => slot.Share));
    }

    [Fact]
    public void Slot_accuracy_needs_a_response_per_post() =>
        Assert.Throws<ArgumentException>(() => SlotAccuracy.Of([Story], []));

    private static GoldScore Score(string response) => GoldReward.Score(Story, Ids(response));

    private static int[] Ids(string text) => TldrWorld.Tokenizer.Encode(text);

    private static int Id(string word) => Ids(word).Single();
}
