using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Worlds.Tests;

public sealed class TldrWorldTests
{
    [Fact]
    public void Has_190_words_and_ends_with_eos()
    {
        Assert.Equal(190, TldrWorld.Vocabulary.Count);
        Assert.Equal(("<pad>", "<eos>"), (TldrWorld.Vocabulary[TldrWorld.Pad], TldrWorld.Vocabulary[TldrWorld.Eos]));
        Assert.Equal((TldrWorld.Eos, TldrWorld.Pad), (TldrWorld.Tokenizer.EosId, TldrWorld.Tokenizer.PadId));
    }

    [Theory]
    [InlineData("sister", Slot.Relation, 'R')]
    [InlineData("copied", Slot.Verb, 'V')]
    [InlineData("dress", Slot.Object, 'O')]
    [InlineData("18", Slot.Age, 'N')]
    [InlineData("library", Slot.Place, 'P')]
    [InlineData("halloween", Slot.Day, 'T')]
    [InlineData("ashamed", Slot.Feeling, 'F')]
    [InlineData("report", Slot.Action, 'A')]
    [InlineData("tea", Slot.Like, 'X')]
    public void A_word_tells_its_slot(string word, Slot slot, char letter)
    {
        int id = TldrWorld.Tokenizer.Encode(word).Single();
        Assert.Equal(slot, TldrWorld.SlotOf(id));
        Assert.Equal(letter, TldrWorld.Letter(slot));
        (int first, int count) = TldrWorld.WordsOf(slot);
        Assert.InRange(id, first, first + count - 1);
    }

    [Fact]
    public void Slots_are_disjoint_and_of_the_stated_sizes()
    {
        Assert.Equal([16, 16, 20, 30, 12, 10, 12, 12, 12], Enum.GetValues<Slot>().Select(slot => TldrWorld.WordsOf(slot).Count));
        Assert.Equal(140, Enumerable.Range(0, 190).Count(id => TldrWorld.SlotOf(id) is not null));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(45)]   // a subreddit
    [InlineData(190)]
    public void Other_ids_tell_none(int id) => Assert.Null(TldrWorld.SlotOf(id));
}
