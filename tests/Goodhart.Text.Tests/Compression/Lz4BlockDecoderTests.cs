using System.Text;
using Goodhart.Text.Compression;
using Xunit;

namespace Goodhart.Text.Tests.Compression;

/// <summary>Blocks written by hand from lz4's block format.</summary>
public sealed class Lz4BlockDecoderTests
{
    [Theory]
    [InlineData("00", "")]
    [InlineData("30 61 62 63", "abc")]
    [InlineData("15 61 01 00 00", "aaaaaaaaaa")]   // one literal, a match of nine from one back, no last literals
    [InlineData("21 61 62 02 00 10 63", "abababac")]   // an overlapping match that ends inside its period, then a literal
    public void Decodes(string block, string expected)
    {
        byte[] into = new byte[expected.Length];

        Assert.Equal(expected.Length, Lz4BlockDecoder.Decode(Hex.Bytes(block), into));
        Assert.Equal(expected, Encoding.ASCII.GetString(into));
    }

    [Fact]
    public void Adds_up_long_lengths_and_reaches_the_farthest_offset()
    {
        // 65535 literals, then a match of 4 + 15 + 255 + 1 bytes from 65535 back.
        byte[] literals = [.. Enumerable.Range(0, 65535).Select(i => (byte)(i * 31 >> 3))];
        int extra = 65535 - 15;
        byte[] lengths = [.. Enumerable.Repeat((byte)255, extra / 255), (byte)(extra % 255)];
        byte[] block = [0xFF, .. lengths, .. literals, 0xFF, 0xFF, 255, 1, 0x00];

        byte[] into = new byte[65535 + 275];

        Assert.Equal(into.Length, Lz4BlockDecoder.Decode(block, into));
        Assert.Equal(literals.Concat(literals.Take(275)), into);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30 61 62")]   // literals cut short
    [InlineData("F0")]   // a length cut short
    [InlineData("F0 FF FF FF FF 01 61")]   // literals beyond the block
    [InlineData("10 61 00 00 00")]   // an offset of zero
    [InlineData("10 61 02 00 00")]   // an offset before the start
    [InlineData("10 61 01")]   // an offset cut short
    [InlineData("1F 61 01 00 FF FF FF 00 00")]   // a match beyond the destination
    [InlineData("15 61 01 00")]   // ends with a match instead of literals
    public void Refuses(string block) => Assert.StartsWith(
        "lz4: ", Assert.Throws<InvalidDataException>(() => Lz4BlockDecoder.Decode(Hex.Bytes(block), new byte[64])).Message);
}
