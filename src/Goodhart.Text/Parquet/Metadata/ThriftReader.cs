using System.Text;

namespace Goodhart.Text.Parquet.Metadata;

/// <summary>Reads Thrift's compact protocol, in which Parquet's footer and page headers are written.</summary>
/// <remarks>Numbers are checked against what is left before anything is allocated; unknown fields are skipped to a bounded depth.</remarks>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> source = bytes;
    private int depth;

    public int Position { get; private set; }

    private readonly int Left => source.Length - Position;

    /// <summary>Reads the header of the next field; false at the end of the struct.</summary>
    /// <param name="id">In: the id of the field before (0 for the first). Out: this field's.</param>
    public bool NextField(ref int id, out ThriftType type)
    {
        byte header = Byte();
        type = (ThriftType)(header & 15);
        if (header == 0)
        {
            return false;
        }

        int delta = header >> 4;
        id = delta != 0 ? id + delta : (int)Integer();
        return true;
    }

    public static bool Boolean(ThriftType type) => type switch
    {
        ThriftType.True => true,
        ThriftType.False => false,
        _ => throw Bad($"expected a boolean field, found {type}"),
    };

    public int Int32(ThriftType type) => type is ThriftType.I16 or ThriftType.I32
        ? (int)Range(Integer(), int.MinValue, int.MaxValue)
        : throw Bad($"expected a 32-bit field, found {type}");

    public long Int64(ThriftType type) => type is ThriftType.I64 or ThriftType.I32
        ? Integer()
        : throw Bad($"expected a 64-bit field, found {type}");

    public string Text(ThriftType type)
    {
        if (type is not ThriftType.Binary)
        {
            throw Bad($"expected a text field, found {type}");
        }

        // A name that is not UTF-8 shows replacement characters; it only has to be recognisable.
        return Encoding.UTF8.GetString(Take(Length()));
    }

    /// <summary>Reads a list header. Every element takes a byte or more, so the count is bounded by what is left.</summary>
    public int List(ThriftType type, out ThriftType element)
    {
        if (type is not ThriftType.List)
        {
            throw Bad($"expected a list field, found {type}");
        }

        byte header = Byte();
        element = (ThriftType)(header & 15);
        return header >> 4 == 15 ? Length() : header >> 4;
    }

    public void Enter(ThriftType type)
    {
        if (type is not ThriftType.Struct)
        {
            throw Bad($"expected a struct, found {type}");
        }

        if (++depth > ParquetLimits.Depth)
        {
            throw Bad($"structures nested more than {ParquetLimits.Depth} deep");
        }
    }

    public void Leave() => depth--;

    public void Skip(ThriftType type)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                Byte();
                break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64:
                Integer();
                break;
            case ThriftType.Double:
                Take(8);
                break;
            case ThriftType.Binary:
                Take(Length());
                break;
            case ThriftType.List or ThriftType.Set:
                SkipList();
                break;
            case ThriftType.Struct:
                SkipStruct();
                break;
            default:
                throw Bad($"a field of unknown type {(int)type}");
        }
    }

    private static InvalidDataException Bad(string what) => new($"Thrift: {what}");

    private static long Range(long value, long min, long max) =>
        value >= min && value <= max ? value : throw Bad($"{value} does not fit the field");

    private void SkipStruct()
    {
        Enter(ThriftType.Struct);
        int id = 0;
        while (NextField(ref id, out ThriftType type))
        {
            Skip(type);
        }

        Leave();
    }

    private void SkipList()
    {
        int count = List(ThriftType.List, out ThriftType element);
        if (++depth > ParquetLimits.Depth)
        {
            throw Bad($"structures nested more than {ParquetLimits.Depth} deep");
        }

        for (int i = 0; i < count; i++)
        {
            // Inside a list a boolean takes a byte of its own.
            Skip(element is ThriftType.True or ThriftType.False ? ThriftType.Byte : element);
        }

        depth--;
    }

    private byte Byte() => Left > 0 ? source[Position++] : throw new EndOfThriftException();

    private int Length()
    {
        ulong length = Varint();
        if (length > (ulong)Left)
        {
            throw new EndOfThriftException();
        }

        return (int)length;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Left)
        {
            throw new EndOfThriftException();
        }

        ReadOnlySpan<byte> taken = source.Slice(Position, count);
        Position += count;
        return taken;
    }

    private long Integer()
    {
        ulong zigzag = Varint();
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Bad("a number of more than ten bytes");
    }
}
