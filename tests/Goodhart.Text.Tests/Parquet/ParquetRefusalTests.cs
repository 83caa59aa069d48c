using Goodhart.Text.Parquet;
using Xunit;
using static Goodhart.Text.Tests.Parquet.ParquetBytes;

namespace Goodhart.Text.Tests.Parquet;

/// <summary>What is refused, in which words, and where.</summary>
public sealed class ParquetRefusalTests
{
    private static readonly ThriftBytes[] OneText = [Root(1), Leaf("t", Bytes, Required)];

    [Fact]
    public void Other_files_are_told_apart()
    {
        Bad("x: 5 bytes are too few for a Parquet file", new MemoryStream(new byte[5]));
        Bad("x: expected PAR1 at the start and the end", new MemoryStream(new byte[100]));
        Bad(
            "x, byte -86: a footer of 171 bytes in a file of 93",
            new MemoryStream([.. "PAR1"u8, .. new byte[81], 171, 0, 0, 0, .. "PAR1"u8]));
        Assert.True(ParquetFile.IsParquet("PAR1...."u8));
        Assert.False(ParquetFile.IsParquet("{\"prompt\""u8));
    }

    [Fact]
    public void Encryption_is_refused_by_name() => NotRead(
        "the file is encrypted", new MemoryStream([.. "PARE"u8, .. new byte[20], .. "PARE"u8]));

    [Fact]
    public void Maps_are_refused_by_name_and_other_columns_are_read()
    {
        MemoryStream file = FileOf(
            1,
            [
                Root(2), Leaf("t", Bytes, Required),
                Group("map", Optional, 1, converted: 1), Group("key_value", Repeated, 1), Leaf("key", Bytes, Required),
            ],
            new("t", Bytes, Page(1, Texts("a")), 1),
            new("map.key_value.key", Bytes, [], 1));
        using ParquetFile parquet = ParquetFile.Open(file, "x");

        string message = Assert.Throws<NotSupportedException>(() => parquet.ReadRows()).Message;

        Assert.Equal(
            "x, column 'map': 'map' is a MAP; scalars, and structs and lists of them, are read. Name the columns wanted to leave it out",
            message);
        Assert.Equal("""{"t":"a"}""", parquet.ReadRows(["t"]).Single().Values.ToJsonString());
        Assert.NotNull(parquet.Columns[1].Type.Refusal);
    }

    [Theory]
    [InlineData(I96, null, "'c' is Int96, which is not read")]
    [InlineData(I64, 10, "'c' is Int64 annotated Timestamp, which is not read")]
    [InlineData(I32, 6, "'c' is Int32 annotated Date, which is not read")]
    public void Values_of_another_meaning_are_refused_by_name(int physical, int? converted, string expected) => NotRead(
        expected, FileOf(1, [Root(1), Leaf("c", physical, Required, converted)], new ChunkBytes("c", physical, [], 1)));

    [Theory]
    [InlineData(3, "compression LZO is not read")]
    [InlineData(5, "compression LZ4 is not read")]
    [InlineData(99, "compression number 99 is not read")]
    public void Codecs_are_refused_by_name(int codec, string expected) => NotRead(
        "x, row group 0, column 't', page 0, byte 4: " + expected, FileOf(1, OneText, Chunk(Page(1, Texts("a"))) with { Codec = codec }));

    [Fact]
    public void Encodings_are_refused_by_name() => NotRead(
        "texts in encoding ByteStreamSplit are not read", FileOf(1, OneText, Chunk(Page(1, Texts("a"), encoding: 9))));

    [Theory]
    [InlineData(1, "bytes of SNAPPY cannot hold the 200000000 bytes claimed")]
    [InlineData(2, "bytes of GZIP cannot hold the 200000000 bytes claimed")]
    [InlineData(6, "bytes of ZSTD cannot hold the 200000000 bytes claimed")]
    [InlineData(7, "bytes of LZ4_RAW cannot hold the 200000000 bytes claimed")]
    public void Claims_beyond_a_codec_are_refused_before_memory_is_taken(int codec, string expected) =>
        Bad(expected, FileOf(1, OneText, Chunk(Page(1, Texts("a"), size: 200_000_000)) with { Codec = codec }));

    [Fact]
    public void Pages_that_contradict_themselves_are_refused()
    {
        Bad("a page of 300000000 bytes", FileOf(1, OneText, Chunk(Page(1, Texts("a"), size: 300_000_000))));
        Bad("the page's checksum does not match", FileOf(1, OneText, Chunk(Page(1, Texts("a"), crc: 1))));
        Bad("a page of 2 values; 1 are left in the column chunk", FileOf(1, OneText, Chunk(Page(2, Texts("a", "b")))));
        Bad("expected 7 more bytes in the page, 1 are left", FileOf(1, OneText, Chunk(Page(1, [7, 0, 0, 0, 65]))));
        Bad("the column chunk ends with 1 values missing", FileOf(1, OneText, Chunk([])));
        Bad("refers to a dictionary that is not there", FileOf(1, OneText, Chunk(Page(1, [0], encoding: 8))));
        Bad("found 1 where numbers below 1 are expected", FileOf(
            1, OneText, Chunk([.. DictionaryPage(1, Texts("a")), .. Page(1, [1, 2, 1], encoding: 8)])));
        Bad("2 values for 1 rows", FileOf(1, OneText, Chunk(Page(1, Texts("a"))) with { Values = 2 }));
        Bad(
            "expected a chunk of 't' (ByteArray), found 'u' (ByteArray)",
            FileOf(1, OneText, Chunk(Page(1, Texts("a"))) with { Path = "u" }));
    }

    [Fact]
    public void A_shared_prefix_cannot_blow_up_a_page()
    {
        // 4096 values of up to 1 MB, each the one before and a byte more, from a page of about 1 MB.
        const int count = 4096;
        byte[] first = new byte[1 << 20];
        byte[] prefixes = Deltas(count, firstValue: 0, first.Length, 1);
        byte[] suffixes = Deltas(count, first.Length, 1 - first.Length, 0);
        byte[] body = [.. prefixes, .. suffixes, .. first, .. new byte[count]];
        Bad("bytes so far", FileOf(count, OneText, Chunk(Page(count, body, encoding: 7)) with { Values = count }));
    }

    [Fact]
    public void Structures_must_agree_on_what_is_there() => Bad(
        "the columns of one structure disagree",
        FileOf(
            1,
            [Root(1), Group("s", Optional, 2), Leaf("a", Bytes, Optional), Leaf("b", Bytes, Optional)],
            new("s.a", Bytes, Page(1, Levels(0)), 1),
            new("s.b", Bytes, Page(1, Levels(1)), 1)));

    private static ChunkBytes Chunk(byte[] pages) => new("t", Bytes, pages, 1);

    /// <summary>One block: the first value, one difference, then a constant one.</summary>
    private static byte[] Deltas(int count, long firstValue, long firstDifference, long others)
    {
        // Differences are stored as (difference − smallest) in 32 bits.
        long smallest = Math.Min(firstDifference, others);
        byte[] block = new byte[count * 4];
        for (int i = 0; i < count - 1; i++)
        {
            LittleEndian((int)((i == 0 ? firstDifference : others) - smallest)).CopyTo(block, i * 4);
        }

        return
        [
            .. ThriftBytes.Varint((ulong)count), 1, .. ThriftBytes.Varint((ulong)count),
            .. ThriftBytes.Varint(ThriftBytes.Zigzag(firstValue)),
            .. ThriftBytes.Varint(ThriftBytes.Zigzag(smallest)), 32, .. block,
        ];
    }

    private static void Bad(string expected, Stream file) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => ReadAll(file)).Message, StringComparison.Ordinal);

    private static void NotRead(string expected, Stream file) =>
        Assert.Contains(expected, Assert.Throws<NotSupportedException>(() => ReadAll(file)).Message, StringComparison.Ordinal);

    private static void ReadAll(Stream file)
    {
        using ParquetFile parquet = ParquetFile.Open(file, "x");
        _ = parquet.ReadRows().Count();
    }
}
