using System.Text;
using System.Text.Json;
using Goodhart.Text.Tokenizers;
using Xunit;

namespace Goodhart.Text.Tests.Tokenizers;

/// <summary>Every case of the reference set, made with the original implementation; see tests/golden/tokenizer/README.md.</summary>
public sealed class PythiaConformanceTests
{
    private static readonly ITokenizer Pythia = GoldenTokenizers.Pythia;

    [Fact]
    public void Knows_its_special_tokens()
    {
        Assert.Equal((50277, 0, null, null), (Pythia.VocabularySize, Pythia.EosId, Pythia.PadId, Pythia.BosId));
        Assert.True(Pythia.IsSpecial(0) && Pythia.IsSpecial(1));
        Assert.False(Pythia.IsSpecial(2) || Pythia.IsSpecial(50254));
    }

    [Fact]
    public void Encodes_and_decodes_every_case_as_the_original()
    {
        int cases = 0;
        foreach (JsonElement golden in GoldenTokenizers.Cases("pythia/cases.jsonl.gz"))
        {
            string text = golden.Text("text");
            int[] ids = Pythia.Encode(text);
            Assert.True(golden.Ids().AsSpan().SequenceEqual(ids), $"case {golden.GetProperty("id")}: {Show(text)} gave {string.Join(' ', ids)}");
            Assert.Equal(golden.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()), ids.Select(Pythia.TokenOf));
            Assert.Equal(golden.Text("decoded"), Pythia.Decode(ids));
            Assert.Equal(golden.Text("decoded_skip_special"), Pythia.DecodeWithoutSpecial(ids));
            Assert.Equal(golden.Text("decoded"), Streamed(Pythia, ids));
            cases++;
        }

        Assert.Equal(612, cases);
    }

    [Fact]
    public void Decodes_broken_text_as_the_original()
    {
        int cases = 0;
        foreach (JsonElement golden in GoldenTokenizers.Cases("pythia/decode_cases.jsonl"))
        {
            Assert.Equal(golden.Text("decoded"), Pythia.Decode(golden.Ids()));
            Assert.Equal(golden.Text("decoded_skip_special"), Pythia.DecodeWithoutSpecial(golden.Ids()));
            Assert.Equal(golden.Text("decoded"), Streamed(Pythia, golden.Ids()));
            cases++;
        }

        Assert.Equal(104, cases);
    }

    [Fact]
    public void Streaming_holds_back_an_unfinished_character()
    {
        int[] ids = Pythia.Encode("𠀀!");   // four bytes, a token each
        StreamingDecoder decoder = Pythia.StartDecoding();
        Assert.Equal(["", "", "", "𠀀", "!", ""], [.. ids.Select(decoder.Next), decoder.End()]);

        Assert.Equal(["", "\uFFFD", "!"], [decoder.Next(ids[0]), decoder.End(), decoder.Next(ids[4])]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(50277)]   // a row of the model's padded vocabulary
    public void An_id_that_is_no_token_is_named(int id)
    {
        string message = Assert.Throws<TokenizerException>(() => Pythia.Decode([5, id])).Message;
        Assert.StartsWith($"decode: id {id} at position 1", message, StringComparison.Ordinal);
        Assert.Throws<TokenizerException>(() => Pythia.StartDecoding().Next(id));
        Assert.Throws<TokenizerException>(() => Pythia.TokenOf(id));
    }

    [Fact]
    public void Threads_share_it()
    {
        string[] texts = [.. GoldenTokenizers.Cases("pythia/cases.jsonl.gz").Select(golden => golden.Text("text"))];
        int[][] alone = [.. texts.Select(Pythia.Encode)];
        Parallel.For(0, 4, _ => Assert.Equal(alone, texts.Select(Pythia.Encode)));
    }

    internal static string Streamed(ITokenizer tokenizer, int[] ids)
    {
        StringBuilder text = new();
        StreamingDecoder decoder = tokenizer.StartDecoding();
        foreach (int id in ids)
        {
            text.Append(decoder.Next(id));
        }

        return text.Append(decoder.End()).ToString();
    }

    internal static string Show(string text) => JsonSerializer.Serialize(text);
}
