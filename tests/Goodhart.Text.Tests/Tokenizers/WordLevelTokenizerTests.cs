using Goodhart.Text.Tokenizers;
using Xunit;

namespace Goodhart.Text.Tests.Tokenizers;

public sealed class WordLevelTokenizerTests
{
    private static readonly WordLevelTokenizer Tokenizer = new(["<pad>", "<eos>", "my", "sister", "."], "<eos>", "<pad>");

    [Theory]
    [InlineData("", new int[0])]
    [InlineData(" \t\n", new int[0])]
    [InlineData("my sister .", new[] { 2, 3, 4 })]
    [InlineData("  my\tsister\n\n. <eos> ", new[] { 2, 3, 4, 1 })]
    [InlineData(".", new[] { 4 })]
    public void Splits_at_white_space(string text, int[] ids) => Assert.Equal(ids, Tokenizer.Encode(text));

    [Fact]
    public void Decodes_with_single_spaces()
    {
        Assert.Equal("my sister . <eos>", Tokenizer.Decode([2, 3, 4, 1]));
        Assert.Equal("", Tokenizer.Decode([]));
    }

    [Fact]
    public void Names_its_special_tokens()
    {
        Assert.Equal((1, 0, 5), (Tokenizer.EosId, Tokenizer.PadId, Tokenizer.VocabularySize));
        Assert.Null(new WordLevelTokenizer(["<eos>"], "<eos>", null).PadId);
    }

    [Theory]
    [InlineData("my sister.", "'sister.' (word 2, character 4)")]   // punctuation is a word of its own
    [InlineData("My sister", "'My' (word 1, character 1)")]
    public void An_unknown_word_is_named_with_its_place(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<TokenizerException>(() => Tokenizer.Encode(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void An_id_outside_the_vocabulary_is_an_error(int id)
    {
        string message = Assert.Throws<TokenizerException>(() => Tokenizer.Decode([2, id])).Message;
        Assert.StartsWith($"decode: id {id} at position 1", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "<eos>", "a", "a" }, "'a' has the ids 1 and 2")]
    [InlineData(new[] { "<eos>", "a b" }, "word 1 is 'a b'")]
    [InlineData(new[] { "<eos>", "" }, "word 1 is ''")]
    [InlineData(new[] { "a" }, "'<eos>' is not in it")]
    public void A_vocabulary_must_make_sense(string[] words, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<TokenizerException>(() => new WordLevelTokenizer(words, "<eos>", null)).Message,
            StringComparison.Ordinal);
}
