using System.IO.Hashing;
using Goodhart.Text.Parquet;
using Xunit;
using static Goodhart.Text.Tests.Parquet.ParquetBytes;

namespace Goodhart.Text.Tests.Parquet;

/// <summary>Types, encodings and shapes that the golden files do not have.</summary>
public sealed class ParquetTypeTests
{
    [Fact]
    public void Reads_numbers_of_every_kind() => Reads(
        ["""{"i":-2,"u":4294967294,"l":-9,"f":0.5,"d":-0.25,"b":true}"""],
        FileOf(
            1,
            [
                Root(6), Leaf("i", I32, Required), Leaf("u", I32, Required, converted: 13), Leaf("l", I64, Required),
                Leaf("f", F32, Required), Leaf("d", F64, Required), Leaf("b", Bool, Required),
            ],
            new("i", I32, Page(1, LittleEndian(-2)), 1),
            new("u", I32, Page(1, LittleEndian(-2)), 1),
            new("l", I64, Page(1, BitConverter.GetBytes(-9L)), 1),
            new("f", F32, Page(1, BitConverter.GetBytes(0.5f)), 1),
            new("d", F64, Page(1, BitConverter.GetBytes(-0.25)), 1),
            new("b", Bool, Page(1, [1]), 1)));

    [Fact]
    public void Reads_differences_split_streams_and_runs_of_booleans() => Reads(
        ["""{"l":7,"f":1,"b":true}""", """{"l":5,"f":2,"b":false}"""],
        FileOf(
            2,
            [Root(3), Leaf("l", I64, Required), Leaf("f", F32, Required), Leaf("b", Bool, Required)],
            new("l", I64, Page(2, [128, 1, 4, 2, 14, 3, 0, 0, 0, 0], encoding: 5), 2),   // first 7, smallest difference −2, width 0
            new("f", F32, Page(2, [0, 0, 0, 0, 0x80, 0, 0x3F, 0x40], encoding: 9), 2),
            new("b", Bool, Page(2, [2, 0, 0, 0, 3, 1], encoding: 3), 2)));

    [Fact]
    public void Reads_texts_of_fixed_length_and_a_checksum()
    {
        byte[] body = "abcdef"u8.ToArray();
        Reads(
            ["""{"t":"abc"}""", """{"t":"def"}"""],
            FileOf(
                2,
                [Root(1), Leaf("t", FixedBytes, Required, length: 3)],
                new ChunkBytes("t", FixedBytes, Page(2, body, crc: (int)Crc32.HashToUInt32(body)), 2)));
    }

    [Fact]
    public void Reads_structs_that_may_be_missing() => Reads(
        ["""{"s":{"a":"x"}}""", """{"s":{"a":null}}""", """{"s":null}"""],
        FileOf(
            3,
            [Root(1), Group("s", Optional, 1), Leaf("a", Bytes, Optional)],
            new ChunkBytes("s.a", Bytes, Page(3, [.. Levels(2, 1, 0), .. Texts("x")]), 3)));

    [Fact]
    public void Reads_lists_of_three_levels() => Reads(
        ["""{"l":["x",null,"y"]}""", """{"l":[]}""", """{"l":null}"""],
        FileOf(
            3,
            [Root(1), Group("l", Optional, 1, converted: 3), Group("list", Repeated, 1), Leaf("element", Bytes, Optional)],
            new ChunkBytes("l.list.element", Bytes, Page(5, [.. Levels(0, 1, 1, 0, 0), .. Levels(3, 2, 3, 1, 0), .. Texts("x", "y")]), 5)));

    [Fact]
    public void Reads_the_lists_of_two_levels_of_older_writers() => Reads(
        ["""{"bare":["x","y"],"leaf":["x","y"],"array":[{"a":"x"},{"a":"y"}]}""", """{"bare":[],"leaf":[],"array":[]}"""],
        FileOf(
            2,
            [
                Root(3), Leaf("bare", Bytes, Repeated),
                Group("leaf", Required, 1, converted: 3), Leaf("item", Bytes, Repeated),
                Group("array", Required, 1, converted: 3), Group("array", Repeated, 1), Leaf("a", Bytes, Required),
            ],
            new("bare", Bytes, TwoLevels, 3), new("leaf.item", Bytes, TwoLevels, 3), new("array.array.a", Bytes, TwoLevels, 3)));

    [Fact]   // 1.25, -0.05, 12345678901234567890.12, and 5; written by hand: unscaled numbers, big-endian where they are bytes
    public void Reads_decimals_with_all_their_digits() => Reads(
        ["""{"i":1.25,"l":-0.05,"f":12345678901234567890.12,"b":5}"""],
        FileOf(
            1,
            [
                Root(4), Leaf("i", I32, Required, converted: 5, scale: 2), Leaf("l", I64, Required, converted: 5, scale: 2),
                Leaf("f", FixedBytes, Required, converted: 5, length: 9, scale: 2), Leaf("b", Bytes, Required, converted: 5, scale: 0),
            ],
            new("i", I32, Page(1, LittleEndian(125)), 1),
            new("l", I64, Page(1, BitConverter.GetBytes(-5L)), 1),
            new("f", FixedBytes, Page(1, Convert.FromHexString("42ED123B0BD8203A14")), 1),
            new("b", Bytes, Page(1, [1, 0, 0, 0, 5]), 1)));

    [Fact]
    public void Reads_unsigned_numbers_beyond_the_signed_ones() => Reads(
        ["""{"u":18446744073709551615}"""],
        FileOf(1, [Root(1), Leaf("u", I64, Required, converted: 14)], new ChunkBytes("u", I64, Page(1, BitConverter.GetBytes(-1L)), 1)));

    /// <summary>
    /// Messages with tool calls, as transformers writes them: [{role, calls: [x, y]}, {role, calls: []}], [{role, calls: null}], [].
    /// </summary>
    [Fact]
    public void Reads_lists_in_structs_in_lists() => Reads(
        [
            """{"m":[{"role":"a","calls":["x","y"]},{"role":"b","calls":[]}]}""", """{"m":[{"role":"c","calls":null}]}""", """{"m":[]}""",
        ],
        FileOf(
            3,
            [
                Root(1), Group("m", Optional, 1, converted: 3), Group("list", Repeated, 1), Group("element", Optional, 2),
                Leaf("role", Bytes, Required), Group("calls", Optional, 1, converted: 3), Group("list", Repeated, 1),
                Leaf("element", Bytes, Optional),
            ],
            new("m.list.element.role", Bytes, Page(4, [.. Levels(0, 1, 0, 0), .. Levels(3, 3, 3, 1), .. Texts("a", "b", "c")]), 4),
            new(
                "m.list.element.calls.list.element",
                Bytes,
                Page(5, [.. Levels(0, 2, 1, 0, 0), .. Levels(6, 6, 4, 3, 1), .. Texts("x", "y")]),
                5)));

    [Fact]
    public void A_field_of_a_type_that_is_not_read_is_left_out_of_its_struct() => Reads(
        ["""{"s":{"a":"x"}}"""],
        FileOf(
            1,
            [Root(1), Group("s", Required, 2), Leaf("time", I64, Required, converted: 10), Leaf("a", Bytes, Required)],
            new("s.time", I64, Page(1, BitConverter.GetBytes(7L)), 1),
            new("s.a", Bytes, Page(1, Texts("x")), 1)));

    [Fact]
    public void Values_that_JSON_cannot_say_are_null_and_told()
    {
        MemoryStream file = FileOf(
            2,
            [Root(3), Leaf("f", F32, Required), Leaf("d", F64, Required), Leaf("b", Bytes, Required)],
            new("f", F32, Page(2, [.. BitConverter.GetBytes(float.NaN), .. BitConverter.GetBytes(1f)]), 2),
            new("d", F64, Page(2, [.. BitConverter.GetBytes(2d), .. BitConverter.GetBytes(double.NegativeInfinity)]), 2),
            new("b", Bytes, Page(2, [1, 0, 0, 0, 0xFF, 1, 0, 0, 0, (byte)'x']), 2));
        using ParquetFile parquet = ParquetFile.Open(file, "x");
        ParquetRow[] rows = [.. parquet.ReadRows()];
        Assert.Equal(["""{"f":null,"d":2,"b":null}""", """{"f":1,"d":null,"b":"x"}"""], rows.Select(row => row.Values.ToJsonString()));
        Assert.Equal(new CellFault("NaN", IsNumber: true), rows[0].Faults["f"]);
        Assert.Equal(CellFault.BrokenText, rows[0].Faults["b"]);
        Assert.Equal(new CellFault("-Infinity", IsNumber: true), Assert.Single(rows[1].Faults).Value);
    }

    [Fact]
    public void Lists_go_on_from_page_to_page() => Reads(
        ["""{"l":["x","y"]}""", """{"l":["z"]}"""],
        FileOf(
            2,
            [Root(1), Leaf("l", Bytes, Repeated)],
            new ChunkBytes(
                "l",
                Bytes,
                [
                    .. Page(1, [.. Levels(0), .. Levels(1), .. Texts("x")]),
                    .. Page(2, [.. Levels(1, 0), .. Levels(1, 1), .. Texts("y", "z")]),
                ],
                3)));

    private static byte[] TwoLevels => Page(3, [.. Levels(0, 1, 0), .. Levels(1, 1, 0), .. Texts("x", "y")]);

    private static void Reads(string[] rows, Stream file)
    {
        using ParquetFile parquet = ParquetFile.Open(file, "hand-made");
        Assert.Equal(rows, parquet.ReadRows().Select(row => row.Values.ToJsonString()));
    }
}
