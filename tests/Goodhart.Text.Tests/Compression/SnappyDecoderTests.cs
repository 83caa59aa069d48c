using System.Text;
using Goodhart.Text.Compression;
using Xunit;

namespace Goodhart.Text.Tests.Compression;

/// <summary>Blocks written by hand from google/snappy's format description.</summary>
public sealed class SnappyDecoderTests
{
    [Theory]
    [InlineData("00", "")]
    [InlineData("03 08 61 62 63", "abc")]
    [InlineData("0A 00 61 15 01", "aaaaaaaaaa")]   // a literal, then a copy of nine from one back
    [InlineData("06 08 61 62 63 0A 03 00", "abcabc")]   // a copy of three with two bytes of offset
    [InlineData("06 08 61 62 63 0B 03 00 00 00", "abcabc")]   // and with four
    [InlineData("07 04 61 62 12 02 00", "abababa")]   // an overlapping copy that ends inside its period
    [InlineData("02 F0 01 61 62", "ab")]   // the literal's length in a byte behind the tag
    [InlineData("02 F4 01 00 61 62", "ab")]   // in two
    [InlineData("02 FC 01 00 00 00 61 62", "ab")]   // in four
    public void Decodes(string block, string expected)
    {
        byte[] into = new byte[expected.Length];

        Assert.Equal(expected.Length, SnappyDecoder.Decode(Hex.Bytes(block), into));
        Assert.Equal(expected, Encoding.ASCII.GetString(into));
    }

    [Theory]
    [InlineData("")]   // no length
    [InlineData("FF FF FF FF FF 01")]   // a length of more than 32 bits
    [InlineData("FF FF FF FF 0F 08 61 62 63")]   // a length that the destination cannot hold
    [InlineData("04 08 61 62 63")]   // ends early
    [InlineData("02 08 61 62 63")]   // writes more than it said
    [InlineData("03 08 61 62")]   // a literal cut short
    [InlineData("06 08 61 62 63 0A 00 00")]   // an offset of zero
    [InlineData("06 08 61 62 63 0A 04 00")]   // an offset before the start
    [InlineData("06 08 61 62 63 0B FF FF FF FF")]   // one that is negative as a 32-bit number
    [InlineData("06 08 61 62 63 0A 03")]   // a tag cut short
    [InlineData("04 FC FF FF FF FF 61")]   // a literal of 2^32 bytes
    public void Refuses(string block) => Assert.StartsWith(
        "snappy: ", Assert.Throws<InvalidDataException>(() => SnappyDecoder.Decode(Hex.Bytes(block), new byte[64])).Message);

    [Fact]
    public void Tells_the_length_before_anything_is_allocated() =>
        Assert.Equal(uint.MaxValue, SnappyDecoder.DecodedLength(Hex.Bytes("FF FF FF FF 0F")));
}
