namespace Goodhart.Text.Parquet.Metadata;

/// <summary>What stands before each page; the numbers are those of the format.</summary>
/// <param name="Kind">0 data, 1 index, 2 dictionary, 3 data in version 2.</param>
/// <param name="Size">Bytes of the page once decompressed.</param>
/// <param name="Crc">CRC-32 of the page as stored, where the writer gave it.</param>
internal sealed record PageHeader(int Kind, int Size, int CompressedSize, int? Crc)
{
    public const int Data = 0;
    public const int Dictionary = 2;
    public const int DataV2 = 3;

    public int Values { get; private init; } = -1;

    public int Encoding { get; private init; } = -1;

    /// <summary>How definition levels are written in version 1; version 2 has only RLE (3).</summary>
    public int DefinitionEncoding { get; private init; } = 3;

    public int RepetitionEncoding { get; private init; } = 3;

    public int DefinitionBytes { get; private init; }

    public int RepetitionBytes { get; private init; }

    /// <summary>Version 2 may leave a page uncompressed in a compressed column.</summary>
    public bool IsCompressed { get; private init; } = true;

    public static PageHeader Read(ref ThriftReader thrift)
    {
        int kind = -1;
        int size = -1;
        int compressed = -1;
        int? crc = null;
        PageHeader? body = null;
        int id = 0;
        thrift.Enter(ThriftType.Struct);
        while (thrift.NextField(ref id, out ThriftType field))
        {
            switch (id)
            {
                case 1: kind = thrift.Int32(field); break;
                case 2: size = thrift.Int32(field); break;
                case 3: compressed = thrift.Int32(field); break;
                case 4: crc = thrift.Int32(field); break;
                case 5 or 7 or 8: body = ReadBody(ref thrift, field, version2: id == 8); break;
                default: thrift.Skip(field); break;
            }
        }

        thrift.Leave();
        return (body ?? new(kind, size, compressed, crc)) with { Kind = kind, Size = size, CompressedSize = compressed, Crc = crc };
    }

    /// <summary>Data and dictionary headers number their first fields alike; version 2 numbers its own way.</summary>
    private static PageHeader ReadBody(ref ThriftReader thrift, ThriftType type, bool version2)
    {
        int[] numbers = [-1, version2 ? 0 : -1, 3, version2 ? 0 : 3, 0, 0];
        bool compressed = true;
        int id = 0;
        thrift.Enter(type);
        while (thrift.NextField(ref id, out ThriftType field))
        {
            if (field is ThriftType.I32 && id is >= 1 and <= 6)
            {
                numbers[id - 1] = thrift.Int32(field);
            }
            else if (version2 && id == 7)
            {
                compressed = ThriftReader.Boolean(field);
            }
            else
            {
                thrift.Skip(field);
            }
        }

        thrift.Leave();
        return version2
            ? new(0, 0, 0, null)
            {
                Values = numbers[0],
                Encoding = numbers[3],
                DefinitionBytes = numbers[4],
                RepetitionBytes = numbers[5],
                IsCompressed = compressed,
            }
            : new(0, 0, 0, null)
            {
                Values = numbers[0],
                Encoding = numbers[1],
                DefinitionEncoding = numbers[2],
                RepetitionEncoding = numbers[3],
            };
    }
}
