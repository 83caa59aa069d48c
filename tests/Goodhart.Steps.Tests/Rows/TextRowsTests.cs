using Goodhart.Steps.Rows;
using Goodhart.Text.Datasets.Files;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Steps.Tests.Rows;

public sealed class TextRowsTests
{
    [Fact]
    public void A_line_is_answered_before_the_next_is_read()
    {
        using StringReader reader = new("{\"text\":\"my sister\"}\n\n{\"text\":\"<eos>\",\"id\":7}\nnot read yet");
        using IEnumerator<string> answers = TextRows.FromJson("standard input", reader).Select(Encode).GetEnumerator();
        Assert.True(answers.MoveNext());
        Assert.StartsWith("{\"text\":\"my sister\",\"ids\":[", answers.Current, StringComparison.Ordinal);
        Assert.EndsWith("\"tokens\":[\"my\",\"sister\"]}", answers.Current, StringComparison.Ordinal);
        Assert.True(answers.MoveNext());
        Assert.Equal("{\"text\":\"<eos>\",\"id\":7,\"ids\":[1],\"tokens\":[\"<eos>\"]}", answers.Current);
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => answers.MoveNext());
        Assert.StartsWith("standard input line 4:", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_comes_back()
    {
        using StringReader reader = new("my sister is angry .");
        string encoded = TextRows.FromText("x", reader).Select(Encode).Single();
        using StringReader ids = new(encoded.Replace("\"text\"", "\"was\"", StringComparison.Ordinal));
        Assert.EndsWith(
            "\"text\":\"my sister is angry .\"}", TextRows.FromJson("x", ids).Select(Decode).Single(), StringComparison.Ordinal);
    }

    private static string Encode(DataRow row) => new EncodeTexts { Tokenizer = World, Column = "text" }.Line(TldrWorld.Tokenizer, row);

    private static string Decode(DataRow row) => new DecodeIds { Tokenizer = World, Column = "ids" }.Line(TldrWorld.Tokenizer, row);

    private static TokenizerFiles World => new() { Path = "", Files = [] };
}
