using System.Text;
using Goodhart.Text.Compression;
using Goodhart.Text.Tests.Parquet;
using Xunit;

namespace Goodhart.Text.Tests.Compression;

/// <summary>Frames written by hand from RFC 8878, and frames of the reference implementation.</summary>
public sealed class ZstdDecoderTests
{
    private const string Magic = "28 B5 2F FD ";

    [Theory]
    [InlineData(Magic + "20 00 01 00 00", "")]   // one segment of no bytes: an empty raw block
    [InlineData(Magic + "00 00 01 00 00", "")]   // with a window instead
    [InlineData(Magic + "20 03 19 00 00 61 62 63", "abc")]   // a raw block
    [InlineData(Magic + "20 05 2B 00 00 61", "aaaaa")]   // a run
    [InlineData(Magic + "20 05 12 00 00 61 19 00 00 62 63 64", "aabcd")]   // a run, then a raw block
    [InlineData(Magic + "00 00 2D 00 00 18 61 62 63 00", "abc")]   // a compressed block of raw literals without sequences
    [InlineData(Magic + "20 05 1D 00 00 29 61 00", "aaaaa")]   // of a run of literals
    [InlineData("50 2A 4D 18 02 00 00 00 FF FF " + Magic + "20 01 09 00 00 61", "a")]   // a frame to be skipped
    [InlineData(Magic + "20 01 09 00 00 61 " + Magic + "20 01 09 00 00 62", "ab")]   // two frames
    [InlineData(Magic + "21 00 01 09 00 00 61", "a")]   // dictionary number zero is none
    public void Decodes(string frame, string expected)
    {
        byte[] into = new byte[expected.Length];

        Assert.Equal(expected.Length, ZstdDecoder.Decode(Hex.Bytes(frame), into));
        Assert.Equal(expected, Encoding.ASCII.GetString(into));
    }

    /// <summary>Sequences whose three codes are runs, so that each is written in a few bits.</summary>
    [Theory]
    [InlineData("08 61 01 54 01 02 00 04", "aaaa")]   // one literal, a new offset of one (code 2, extra 0), match 3
    [InlineData("08 61 01 54 01 00 00 01", "aaaa")]   // recent offset one, which starts as 1
    public void Executes_sequences(string block, string expected)
    {
        byte[] body = Hex.Bytes(block);
        byte[] frame = [.. Hex.Bytes(Magic + "00 00"), (byte)((body.Length << 3) | 5), 0, 0, .. body];
        byte[] into = new byte[4];

        Assert.Equal(4, ZstdDecoder.Decode(frame, into));
        Assert.Equal(expected, Encoding.ASCII.GetString(into));
    }

    [Theory]
    [InlineData("rows_many.level1.zst", "rows_many.jsonl", int.MaxValue)]
    [InlineData("rows_many.level19.zst", "rows_many.jsonl", int.MaxValue)]
    [InlineData("rows_base.level3.zst", "rows_base.jsonl", int.MaxValue)]
    [InlineData("rows_base.first400.zst", "rows_base.jsonl", 400)]
    public void Decodes_what_the_reference_implementation_wrote(string frame, string content, int length)
    {
        byte[] expected = [.. File.ReadAllBytes(GoldenParquet.PathOf(content)).Take(length)];
        byte[] into = new byte[expected.Length + 10];

        int written = ZstdDecoder.Decode(File.ReadAllBytes(GoldenParquet.PathOf("frames/" + frame)), into);

        Assert.True(expected.AsSpan().SequenceEqual(into.AsSpan(0, written)));
    }

    [Fact]
    public void A_changed_checksum_is_noticed()
    {
        byte[] frame = File.ReadAllBytes(GoldenParquet.PathOf("frames/rows_many.level1.zst"));
        frame[^1] ^= 1;

        string message = Assert.Throws<InvalidDataException>(() => ZstdDecoder.Decode(frame, new byte[400_000])).Message;

        Assert.Contains("the checksum does not match", message, StringComparison.Ordinal);
        Assert.Contains("(frame at byte 0, near byte ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("28 B5 2F")]
    [InlineData("00 00 00 00 00")]   // another format
    [InlineData(Magic + "28 00 01 00 00")]   // a reserved bit
    [InlineData(Magic + "20 00 07 00 00")]   // a reserved kind of block
    [InlineData(Magic + "20 03 19 00 00 61 62")]   // a raw block cut short
    [InlineData(Magic + "20 03 11 00 00 61 62")]   // fewer bytes than claimed
    [InlineData(Magic + "20 02 19 00 00 61 62 63")]   // a block larger than the frame
    [InlineData(Magic + "E0 FF FF FF FF FF FF FF FF 01 00 00")]   // a size that the destination cannot hold
    [InlineData(Magic + "00 00 FB FF 0F 61")]   // a run longer than blocks may be
    [InlineData(Magic + "00 00 25 00 00 13 40 00 01")]   // literals that reuse a table before there is one
    [InlineData(Magic + "00 00 45 00 00 08 61 01 54 01 03 00 08")]   // an offset before the start (code 3: 8 − 3)
    [InlineData(Magic + "00 00 45 00 00 08 61 01 54 01 02 00 82")]   // bits left over
    [InlineData(Magic + "00 00 45 00 00 08 61 01 54 01 02 00 00")]   // a bitstream without end mark
    [InlineData(Magic + "00 00 45 00 00 08 61 01 FC 01 02 00 04")]   // tables reused before there are any
    [InlineData(Magic + "00 00 45 00 00 08 61 01 55 01 02 00 04")]   // reserved bits in the modes
    [InlineData("50 2A 4D 18 FF FF FF FF 00")]   // a frame to be skipped, cut short
    public void Refuses(string frame) => Assert.StartsWith(
        "zstd: ", Assert.Throws<InvalidDataException>(() => ZstdDecoder.Decode(Hex.Bytes(frame), new byte[1 << 20])).Message);

    [Fact]
    public void Dictionaries_are_refused_by_name() => Assert.Contains(
        "dictionary 7",
        Assert.Throws<NotSupportedException>(() => ZstdDecoder.Decode(Hex.Bytes(Magic + "21 07 01 09 00 00 61"), new byte[4])).Message,
        StringComparison.Ordinal);

    [Theory]   // the reference implementation's own sanity values, seed 0
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    public void Hashes_as_published(string text, ulong expected) => Assert.Equal(expected, XxHash64.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]   // the check value of CRC-32
    public void Crc_has_its_check_value() => Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));
}
