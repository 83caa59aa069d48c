using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Parquet.Encodings;

/// <summary>Text: each value behind its length, all lengths first, or with the prefix it shares with the value before.</summary>
/// <param name="fixedLength">Bytes of every value of a FIXED_LEN_BYTE_ARRAY; null where lengths are stored.</param>
internal sealed class TextDecoder(int? fixedLength) : ValueDecoder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override LeafValues Decode(ParquetEncoding encoding, ref PageBytes bytes, int count)
    {
        string[] texts = encoding switch
        {
            ParquetEncoding.Plain => Plain(ref bytes, count),
            ParquetEncoding.DeltaLengthByteArray when fixedLength is null => DeltaLength(ref bytes, count),
            ParquetEncoding.DeltaByteArray => Delta(ref bytes, count),
            _ => throw NotRead(encoding, "texts"),
        };
        return new DirectValues<string>(texts, text => JsonValue.Create(text));
    }

    private string[] Plain(ref PageBytes bytes, int count)
    {
        // Every value takes its length's four bytes, or its fixed length, so a false count shows before memory is taken.
        if ((long)count * (fixedLength ?? 4) > bytes.Left)
        {
            throw new InvalidDataException($"{count} texts in a page of {bytes.Left} bytes");
        }

        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            long length = fixedLength ?? (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes.Take(4));
            texts[i] = Text(bytes.Take(length), i);
        }

        return texts;
    }

    private static string[] DeltaLength(ref PageBytes bytes, int count)
    {
        long[] lengths = DeltaBinaryPacked.Decode(ref bytes, count);
        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            texts[i] = Text(bytes.Take(lengths[i]), i);
        }

        return texts;
    }

    private string[] Delta(ref PageBytes bytes, int count)
    {
        long[] prefixes = DeltaBinaryPacked.Decode(ref bytes, count);
        long[] suffixes = DeltaBinaryPacked.Decode(ref bytes, count);
        string[] texts = new string[count];
        byte[] value = [];
        long total = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> suffix = bytes.Take(suffixes[i]);
            total += prefixes[i] + suffix.Length;
            if (prefixes[i] < 0 || prefixes[i] > value.Length || total > ParquetLimits.Page)
            {
                throw new InvalidDataException($"value {i} shares {prefixes[i]} bytes with one of {value.Length}; {total} bytes so far");
            }

            value = [.. value.AsSpan(0, (int)prefixes[i]), .. suffix];
            texts[i] = fixedLength is null || fixedLength == value.Length
                ? Text(value, i)
                : throw new InvalidDataException($"value {i} has {value.Length} bytes, expected {fixedLength}");
        }

        return texts;
    }

    private static string Text(ReadOnlySpan<byte> utf8, int index)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException problem)
        {
            throw new InvalidDataException($"value {index} is not UTF-8 text; binary columns are not read", problem);
        }
    }
}
