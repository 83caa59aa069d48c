using Goodhart.Engine.Randomness;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Worlds.Tests;

/// <summary>The same random streams give the posts, summaries and scores of the world's first implementation.</summary>
public sealed class WorldPrototypeTests
{
    private static readonly GoldenWorld Golden = GoldenWorld.Read();

    [Fact]
    public void Vocabulary_is_the_same() => Assert.Equal(Golden.Vocabulary, TldrWorld.Vocabulary);

    [Fact]
    public void Posts_are_the_same()
    {
        for (int i = 0; i < Golden.Items.Length; i++)
        {
            GoldenItem expected = Golden.Items[i];
            Post post = PostGenerator.Generate(Golden.Stream(i));

            Assert.Equal(expected.Prompt, post.Prompt);
            Assert.Equal(expected.Likes, post.Like is int like ? [like] : []);
            for (Slot slot = Slot.Relation; slot <= Slot.Action; slot++)
            {
                char letter = TldrWorld.Letter(slot);
                Assert.Equal(expected.Facts.TryGetValue(letter, out int fact) ? fact : null, post.Fact(slot));
                Assert.Equal(expected.Distractors.GetValueOrDefault(letter, []), post.Distractors(slot).ToArray());
            }
        }
    }

    [Fact]
    public void Summaries_are_the_same()
    {
        for (int i = 0; i < Golden.Items.Length; i++)
        {
            RandomStream random = Golden.Stream(i);
            Post post = PostGenerator.Generate(random);
            GoldenResponse[] expected = Golden.Items[i].Responses;

            Assert.Equal(expected[0].Ids, SummaryWriter.Write(post, WritingHabits.Human, random));
            Assert.Equal(expected[1].Ids, SummaryWriter.Write(post, WritingHabits.Broad(random), random));
            Assert.Equal(expected[2].Ids, SummaryWriter.Write(post, WritingHabits.Pool(random), random));
            Assert.Equal(expected[3].Ids, SummaryWriter.Write(post, WritingHabits.Pool(random), random));
        }
    }

    [Fact]
    public void Scores_are_the_same()
    {
        int scored = 0;
        for (int i = 0; i < Golden.Items.Length; i++)
        {
            Post post = PostGenerator.Generate(Golden.Stream(i));
            foreach (GoldenResponse response in Golden.Items[i].Responses)
            {
                Assert.Equal(response.Score, GoldReward.Score(post, response.Ids));
                scored++;
            }
        }

        Assert.Equal(24 * 12, scored);
    }
}
