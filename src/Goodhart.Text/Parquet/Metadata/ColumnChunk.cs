namespace Goodhart.Text.Parquet.Metadata;

/// <summary>Where the pages of one column in one row group lie.</summary>
/// <param name="OtherFile">Set when the pages are in another file.</param>
/// <param name="Path">Names from the column down to the leaf, joined by dots.</param>
internal sealed record ColumnChunk(
    string? OtherFile, bool Encrypted, string Path, int PhysicalType, int Codec, long Values, long CompressedSize, long Start)
{
    public static ColumnChunk Read(ref ThriftReader thrift, ThriftType type)
    {
        string? file = null;
        bool encrypted = false;
        ColumnChunk? chunk = null;
        int id = 0;
        thrift.Enter(type);
        while (thrift.NextField(ref id, out ThriftType field))
        {
            switch (id)
            {
                case 1:
                    file = thrift.Text(field);
                    break;
                case 3:
                    chunk = ReadMetadata(ref thrift, field);
                    break;
                default:
                    encrypted |= id is 8 or 9;
                    thrift.Skip(field);
                    break;
            }
        }

        thrift.Leave();
        chunk ??= encrypted
            ? new(null, true, string.Empty, 0, 0, 0, 0, 0)
            : throw new InvalidDataException("a column chunk has no metadata");
        return chunk with { OtherFile = file, Encrypted = encrypted };
    }

    private static ColumnChunk ReadMetadata(ref ThriftReader thrift, ThriftType type)
    {
        int physical = -1;
        string path = string.Empty;
        int codec = -1;
        long values = -1;
        long size = -1;
        long data = -1;
        long dictionary = 0;
        int id = 0;
        thrift.Enter(type);
        while (thrift.NextField(ref id, out ThriftType field))
        {
            switch (id)
            {
                case 1: physical = thrift.Int32(field); break;
                case 3: path = ReadPath(ref thrift, field); break;
                case 4: codec = thrift.Int32(field); break;
                case 5: values = thrift.Int64(field); break;
                case 7: size = thrift.Int64(field); break;
                case 9: data = thrift.Int64(field); break;
                case 11: dictionary = thrift.Int64(field); break;
                default: thrift.Skip(field); break;
            }
        }

        thrift.Leave();

        // Some writers put 0 for "no dictionary"; page offsets are never that small.
        long start = dictionary > 0 ? Math.Min(dictionary, data) : data;
        return new(null, false, path, physical, codec, values, size, start);
    }

    private static string ReadPath(ref ThriftReader thrift, ThriftType type)
    {
        int count = thrift.List(type, out ThriftType element);
        List<string> names = [];
        for (int i = 0; i < count; i++)
        {
            names.Add(thrift.Text(element));
        }

        return string.Join('.', names);
    }
}
