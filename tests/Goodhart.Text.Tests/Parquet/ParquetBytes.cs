using System.Buffers.Binary;

namespace Goodhart.Text.Tests.Parquet;

/// <summary>A column chunk to be written: its place in the schema, the pages as they are, and what the footer says of them.</summary>
internal sealed record ChunkBytes(string Path, int Physical, byte[] Pages, long Values, int Codec = 0);

/// <summary>Writes small Parquet files by hand, right or wrong as a test needs them: one row group, no compression of its own.</summary>
internal static class ParquetBytes
{
    public const int Bool = 0;
    public const int I32 = 1;
    public const int I64 = 2;
    public const int I96 = 3;
    public const int F32 = 4;
    public const int F64 = 5;
    public const int Bytes = 6;
    public const int FixedBytes = 7;

    public const int Required = 0;
    public const int Optional = 1;
    public const int Repeated = 2;

    public static MemoryStream FileOf(long rows, IReadOnlyList<ThriftBytes> schema, params IReadOnlyList<ChunkBytes> chunks)
    {
        List<byte> bytes = [.. "PAR1"u8];
        List<ThriftBytes> columns = [];
        foreach (ChunkBytes chunk in chunks)
        {
            ThriftBytes metadata = new ThriftBytes().I32(1, chunk.Physical).Texts(3, chunk.Path.Split('.')).I32(4, chunk.Codec)
                .I64(5, chunk.Values).I64(6, 0).I64(7, chunk.Pages.Length).I64(9, bytes.Count);
            columns.Add(new ThriftBytes().I64(2, 0).Struct(3, metadata));
            bytes.AddRange(chunk.Pages);
        }

        byte[] footer = new ThriftBytes().I32(1, 2).Structs(2, schema).I64(3, rows)
            .Structs(4, new ThriftBytes().Structs(1, columns).I64(2, 0).I64(3, rows)).Done();
        bytes.AddRange(footer);
        bytes.AddRange(LittleEndian(footer.Length));
        bytes.AddRange("PAR1"u8);
        return new([.. bytes]);
    }

    public static ThriftBytes Root(int children) => new ThriftBytes().Text(4, "schema").I32(5, children);

    public static ThriftBytes Leaf(string name, int physical, int repetition, int? converted = null, int length = 0, int? scale = null)
    {
        ThriftBytes leaf = new ThriftBytes().I32(1, physical).I32(2, length).I32(3, repetition).Text(4, name);
        leaf = converted is { } number ? leaf.I32(6, number) : leaf;
        return scale is { } digits ? leaf.I32(7, digits) : leaf;
    }

    /// <param name="converted">3 for LIST, 1 for MAP.</param>
    public static ThriftBytes Group(string name, int repetition, int children, int? converted = null)
    {
        ThriftBytes group = new ThriftBytes().I32(3, repetition).Text(4, name).I32(5, children);
        return converted is { } number ? group.I32(6, number) : group;
    }

    /// <summary>A data page of version 1; levels, if any, are part of the body.</summary>
    public static byte[] Page(int values, byte[] body, int encoding = 0, int? size = null, int? crc = null)
    {
        ThriftBytes header = new ThriftBytes().I32(1, 0).I32(2, size ?? body.Length).I32(3, body.Length);
        header = crc is { } sum ? header.I32(4, sum) : header;
        return [.. header.Struct(5, new ThriftBytes().I32(1, values).I32(2, encoding).I32(3, 3).I32(4, 3)).Done(), .. body];
    }

    public static byte[] DictionaryPage(int values, byte[] body)
    {
        ThriftBytes dictionary = new ThriftBytes().I32(1, values).I32(2, 0);
        return [.. new ThriftBytes().I32(1, 2).I32(2, body.Length).I32(3, body.Length).Struct(7, dictionary).Done(), .. body];
    }

    /// <summary>Levels of version 1, each a run of one, behind their length.</summary>
    public static byte[] Levels(params int[] levels)
    {
        byte[] runs = [.. levels.SelectMany(level => new byte[] { 2, (byte)level })];
        return [.. LittleEndian(runs.Length), .. runs];
    }

    public static byte[] Texts(params string[] texts) =>
        [.. texts.SelectMany(text => LittleEndian(text.Length).Concat(System.Text.Encoding.ASCII.GetBytes(text)))];

    public static byte[] LittleEndian(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
