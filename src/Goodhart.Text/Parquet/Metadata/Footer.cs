using System.Buffers.Binary;

namespace Goodhart.Text.Parquet.Metadata;

/// <summary>Finds and reads the footer at the end of a file.</summary>
internal static class Footer
{
    private const int TailBytes = 8;

    public static FileMetadata Read(Stream stream, string name)
    {
        Place place = new(name);
        if (stream.Length < 4 + TailBytes)
        {
            throw place.Refuse($"{stream.Length} bytes are too few for a Parquet file");
        }

        byte[] tail = ReadAt(stream, stream.Length - TailBytes, TailBytes);
        if (tail.AsSpan(4).SequenceEqual("PARE"u8))
        {
            throw place.NotRead("the file is encrypted; encrypted Parquet is not read");
        }

        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8) || !ReadAt(stream, 0, 4).AsSpan().SequenceEqual("PAR1"u8))
        {
            throw place.Refuse("expected PAR1 at the start and the end of a Parquet file; it is of another kind or was cut short");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        long start = stream.Length - TailBytes - length;
        place = place with { Offset = start };
        if (start < 4 || length > ParquetLimits.Footer)
        {
            throw place.Refuse($"a footer of {length} bytes in a file of {stream.Length}, at most {ParquetLimits.Footer} are read");
        }

        try
        {
            ThriftReader thrift = new(ReadAt(stream, start, (int)length));
            return FileMetadata.Read(ref thrift);
        }
        catch (Exception problem) when (problem is InvalidDataException or EndOfThriftException)
        {
            throw place.Refuse($"the footer is damaged: {problem.Message}", problem);
        }
    }

    internal static byte[] ReadAt(Stream stream, long offset, int count)
    {
        byte[] bytes = new byte[count];
        stream.Position = offset;
        stream.ReadExactly(bytes);
        return bytes;
    }
}
