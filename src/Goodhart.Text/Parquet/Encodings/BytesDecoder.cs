using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Parquet.Encodings;

/// <summary>Byte arrays: each value behind its length, all lengths first, or with the prefix it shares with the value before.</summary>
/// <param name="fixedLength">Bytes of every value of a FIXED_LEN_BYTE_ARRAY; null where lengths are stored.</param>
internal abstract class BytesDecoder<T>(int? fixedLength) : ValueDecoder
{

    public override LeafValues Decode(ParquetEncoding encoding, ref PageBytes bytes, int count)
    {
        T[] values = encoding switch
        {
            ParquetEncoding.Plain => Plain(ref bytes, count),
            ParquetEncoding.DeltaLengthByteArray when fixedLength is null => DeltaLength(ref bytes, count),
            ParquetEncoding.DeltaByteArray => Delta(ref bytes, count),
            _ => throw NotRead(encoding, "texts"),
        };
        return new DirectValues<T>(values, ToJson);
    }

    private protected abstract T Value(ReadOnlySpan<byte> bytes);

    private protected abstract JsonValue ToJson(T value);

    private T[] Plain(ref PageBytes bytes, int count)
    {
        // Every value takes its length's four bytes, or its fixed length, so a false count shows before memory is taken.
        if ((long)count * (fixedLength ?? 4) > bytes.Left)
        {
            throw new InvalidDataException($"{count} texts in a page of {bytes.Left} bytes");
        }

        T[] values = new T[count];
        for (int i = 0; i < count; i++)
        {
            long length = fixedLength ?? (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes.Take(4));
            values[i] = Value(bytes.Take(length));
        }

        return values;
    }

    private T[] DeltaLength(ref PageBytes bytes, int count)
    {
        long[] lengths = DeltaBinaryPacked.Decode(ref bytes, count);
        T[] values = new T[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = Value(bytes.Take(lengths[i]));
        }

        return values;
    }

    private T[] Delta(ref PageBytes bytes, int count)
    {
        long[] prefixes = DeltaBinaryPacked.Decode(ref bytes, count);
        long[] suffixes = DeltaBinaryPacked.Decode(ref bytes, count);
        T[] values = new T[count];
        byte[] value = [];
        long total = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> suffix = bytes.Take(suffixes[i]);
            total += prefixes[i] + suffix.Length;
            if (prefixes[i] < 0 || prefixes[i] > value.Length || total > ParquetLimits.SharedText)
            {
                throw new InvalidDataException($"value {i} shares {prefixes[i]} bytes with one of {value.Length}; {total} bytes so far");
            }

            value = [.. value.AsSpan(0, (int)prefixes[i]), .. suffix];
            values[i] = fixedLength is null || fixedLength == value.Length
                ? Value(value)
                : throw new InvalidDataException($"value {i} has {value.Length} bytes, expected {fixedLength}");
        }

        return values;
    }
}
