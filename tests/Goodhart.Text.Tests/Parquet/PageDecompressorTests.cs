using System.Text;
using Goodhart.Text.Parquet.Pages;
using Xunit;

namespace Goodhart.Text.Tests.Parquet;

/// <summary>
/// Pages in the codecs that libraries decode: blocks written by hand from google/snappy's format description, RFC 8878 (zstd) and lz4's
/// block format, and frames of the reference implementation. Whatever a library does with damage, it is a refusal here.
/// </summary>
public sealed class PageDecompressorTests
{
    private const int Snappy = 1;
    private const int Zstd = 6;
    private const int Lz4 = 7;
    private const string Magic = "28 B5 2F FD ";

    [Theory]
    [InlineData(Snappy, "00", "")]
    [InlineData(Snappy, "03 08 61 62 63", "abc")]
    [InlineData(Snappy, "0A 00 61 15 01", "aaaaaaaaaa")]   // a literal, then a copy of nine from one back
    [InlineData(Snappy, "06 08 61 62 63 0A 03 00", "abcabc")]   // a copy of three with two bytes of offset
    [InlineData(Snappy, "06 08 61 62 63 0B 03 00 00 00", "abcabc")]   // and with four
    [InlineData(Snappy, "07 04 61 62 12 02 00", "abababa")]   // an overlapping copy that ends inside its period
    [InlineData(Snappy, "02 F0 01 61 62", "ab")]   // the literal's length in a byte behind the tag
    [InlineData(Snappy, "02 F4 01 00 61 62", "ab")]   // in two
    [InlineData(Snappy, "02 FC 01 00 00 00 61 62", "ab")]   // in four
    [InlineData(Zstd, Magic + "20 00 01 00 00", "")]   // one segment of no bytes: an empty raw block
    [InlineData(Zstd, Magic + "00 00 01 00 00", "")]   // with a window instead
    [InlineData(Zstd, Magic + "20 03 19 00 00 61 62 63", "abc")]   // a raw block
    [InlineData(Zstd, Magic + "20 05 2B 00 00 61", "aaaaa")]   // a run
    [InlineData(Zstd, Magic + "20 05 12 00 00 61 19 00 00 62 63 64", "aabcd")]   // a run, then a raw block
    [InlineData(Zstd, Magic + "00 00 2D 00 00 18 61 62 63 00", "abc")]   // a compressed block of raw literals without sequences
    [InlineData(Zstd, Magic + "20 05 1D 00 00 29 61 00", "aaaaa")]   // of a run of literals
    [InlineData(Zstd, "50 2A 4D 18 02 00 00 00 FF FF " + Magic + "20 01 09 00 00 61", "a")]   // a frame to be skipped
    [InlineData(Zstd, Magic + "20 01 09 00 00 61 " + Magic + "20 01 09 00 00 62", "ab")]   // two frames
    [InlineData(Zstd, Magic + "21 00 01 09 00 00 61", "a")]   // dictionary number zero is none
    [InlineData(Lz4, "00", "")]
    [InlineData(Lz4, "30 61 62 63", "abc")]
    [InlineData(Lz4, "15 61 01 00 50 62 63 64 65 66", "aaaaaaaaaabcdef")]   // one literal, a match of nine from one back, the last literals
    [InlineData(Lz4, "29 61 62 02 00 50 63 64 65 66 67", "abababababababacdefg")]   // an overlapping match that ends inside its period
    public void Decodes(int codec, string page, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(PageDecompressor.Decompress(codec, Hex(page), 0, expected.Length)));

    /// <summary>Sequences whose three codes are runs, so that each is written in a few bits.</summary>
    [Theory]
    [InlineData("08 61 01 54 01 02 00 04", "aaaa")]   // one literal, a new offset of one (code 2, extra 0), match 3
    [InlineData("08 61 01 54 01 00 00 01", "aaaa")]   // recent offset one, which starts as 1
    public void Executes_sequences(string block, string expected)
    {
        byte[] body = Hex(block);
        byte[] frame = [.. Hex(Magic + "00 00"), (byte)((body.Length << 3) | 5), 0, 0, .. body];
        Assert.Equal(expected, Encoding.ASCII.GetString(PageDecompressor.Decompress(Zstd, frame, 0, 4)));
    }

    [Theory]
    [InlineData("rows_many.level1.zst", "rows_many.jsonl", int.MaxValue)]
    [InlineData("rows_many.level19.zst", "rows_many.jsonl", int.MaxValue)]
    [InlineData("rows_base.level3.zst", "rows_base.jsonl", int.MaxValue)]
    [InlineData("rows_base.first400.zst", "rows_base.jsonl", 400)]
    public void Decodes_what_the_reference_implementation_wrote(string frame, string content, int length)
    {
        byte[] expected = [.. File.ReadAllBytes(GoldenParquet.PathOf(content)).Take(length)];
        Assert.Equal(
            expected, PageDecompressor.Decompress(Zstd, File.ReadAllBytes(GoldenParquet.PathOf("frames/" + frame)), 0, expected.Length));
    }

    [Fact]
    public void Lz4_adds_up_long_lengths_and_reaches_the_farthest_offset()
    {
        // 65535 literals, then a match of 4 + 15 + 255 + 1 bytes from 65535 back, then five literals, which every block ends with.
        byte[] literals = [.. Enumerable.Range(0, 65535).Select(i => (byte)(i * 31 >> 3))];
        int extra = 65535 - 15;
        byte[] lengths = [.. Enumerable.Repeat((byte)255, extra / 255), (byte)(extra % 255)];
        byte[] block = [0xFF, .. lengths, .. literals, 0xFF, 0xFF, 255, 1, 0x50, 1, 2, 3, 4, 5];
        Assert.Equal([.. literals, .. literals.Take(275), 1, 2, 3, 4, 5], PageDecompressor.Decompress(Lz4, block, 0, 65535 + 280));
    }

    [Fact]
    public void A_changed_checksum_is_noticed()
    {
        byte[] frame = File.ReadAllBytes(GoldenParquet.PathOf("frames/rows_many.level1.zst"));
        int size = File.ReadAllBytes(GoldenParquet.PathOf("rows_many.jsonl")).Length;
        frame[^1] ^= 1;
        Assert.Throws<InvalidDataException>(() => PageDecompressor.Decompress(Zstd, frame, 0, size));
    }

    [Theory]
    [InlineData(Snappy, "")]   // no length
    [InlineData(Snappy, "FF FF FF FF FF 01")]   // a length of more than 32 bits
    [InlineData(Snappy, "FF FF FF FF 0F 08 61 62 63")]   // a length that the destination cannot hold
    [InlineData(Snappy, "04 08 61 62 63")]   // ends early
    [InlineData(Snappy, "02 08 61 62 63")]   // writes more than it said
    [InlineData(Snappy, "03 08 61 62")]   // a literal cut short
    [InlineData(Snappy, "06 08 61 62 63 0A 00 00")]   // an offset of zero
    [InlineData(Snappy, "06 08 61 62 63 0A 04 00")]   // an offset before the start
    [InlineData(Snappy, "06 08 61 62 63 0B FF FF FF FF")]   // one that is negative as a 32-bit number
    [InlineData(Snappy, "06 08 61 62 63 0A 03")]   // a tag cut short
    [InlineData(Snappy, "04 FC FF FF FF FF 61")]   // a literal of 2^32 bytes
    [InlineData(Zstd, "")]
    [InlineData(Zstd, "28 B5 2F")]
    [InlineData(Zstd, "00 00 00 00 00")]   // another format
    [InlineData(Zstd, Magic + "28 00 01 00 00")]   // a reserved bit
    [InlineData(Zstd, Magic + "20 00 07 00 00")]   // a reserved kind of block
    [InlineData(Zstd, Magic + "20 03 19 00 00 61 62")]   // a raw block cut short
    [InlineData(Zstd, Magic + "20 03 11 00 00 61 62")]   // fewer bytes than claimed
    [InlineData(Zstd, Magic + "20 02 19 00 00 61 62 63")]   // a block larger than the frame
    [InlineData(Zstd, Magic + "E0 FF FF FF FF FF FF FF FF 01 00 00")]   // a size that the destination cannot hold
    [InlineData(Zstd, Magic + "00 00 FB FF 0F 61")]   // a run longer than blocks may be
    [InlineData(Zstd, Magic + "00 00 25 00 00 13 40 00 01")]   // literals that reuse a table before there is one
    [InlineData(Zstd, Magic + "00 00 45 00 00 08 61 01 54 01 03 00 08")]   // an offset before the start (code 3: 8 − 3)
    [InlineData(Zstd, Magic + "00 00 45 00 00 08 61 01 54 01 02 00 82")]   // bits left over
    [InlineData(Zstd, Magic + "00 00 45 00 00 08 61 01 54 01 02 00 00")]   // a bitstream without end mark
    [InlineData(Zstd, Magic + "00 00 45 00 00 08 61 01 FC 01 02 00 04")]   // tables reused before there are any
    [InlineData(Zstd, Magic + "00 00 45 00 00 08 61 01 55 01 02 00 04")]   // reserved bits in the modes
    [InlineData(Zstd, "50 2A 4D 18 FF FF FF FF 00")]   // a frame to be skipped, cut short
    [InlineData(Zstd, Magic + "21 07 01 09 00 00 61")]   // a dictionary that is not there
    [InlineData(Lz4, "")]
    [InlineData(Lz4, "30 61 62")]   // literals cut short
    [InlineData(Lz4, "F0")]   // a length cut short
    [InlineData(Lz4, "F0 FF FF FF FF 01 61")]   // literals beyond the block
    [InlineData(Lz4, "10 61 00 00 00")]   // an offset of zero
    [InlineData(Lz4, "10 61 02 00 00")]   // an offset before the start
    [InlineData(Lz4, "10 61 01")]   // an offset cut short
    [InlineData(Lz4, "1F 61 01 00 FF FF FF 00 00")]   // a match beyond the destination
    [InlineData(Lz4, "15 61 01 00")]   // ends with a match instead of literals
    public void Refuses(int codec, string page) =>
        Assert.NotEmpty(Assert.Throws<InvalidDataException>(() => PageDecompressor.Decompress(codec, Hex(page), 0, 64)).Message);

    [Theory]   // a bomb: what a page claims is bounded by what its codec can make of its bytes
    [InlineData(Snappy, 24)]
    [InlineData(Zstd, 33_000)]
    [InlineData(Lz4, 256)]
    public void Claims_that_no_page_can_hold_take_no_memory(int codec, int most)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(
            "cannot hold",
            Assert.Throws<InvalidDataException>(() => PageDecompressor.Decompress(codec, new byte[100], 0, (116 * most) + 1)).Message,
            StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    [Theory]
    [InlineData(Snappy, "20 08 61 62 63 0A 03 00 15 01 0B 03 00 00 00 F0 01 61 62 12 02 00", 32)]
    [InlineData(Lz4, "21 61 62 02 00 15 63 01 00 3F 64 65 66 04 00 05 10 67", 40)]
    public void Damaged_pages_are_refused_or_decoded(int codec, string page, int size) => Mutate(codec, Hex(page), size, least: 30);

    [Fact]
    public void Damaged_zstd_pages_are_refused_or_decoded() => Mutate(
        Zstd,
        File.ReadAllBytes(GoldenParquet.PathOf("frames/rows_base.level3.zst")),
        File.ReadAllBytes(GoldenParquet.PathOf("rows_base.jsonl")).Length,
        least: 30);

    private static void Mutate(int codec, byte[] original, int size, int least)
    {
        Random random = new(20240605);
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            try
            {
                PageDecompressor.Decompress(codec, Mutations.Of(original, random), 0, size);
            }
            catch (InvalidDataException problem)
            {
                Assert.NotEmpty(problem.Message);
                refused++;
            }
        }

        Assert.InRange(refused, least, 300);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", string.Empty, StringComparison.Ordinal));
}
