using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Parquet.Encodings;

/// <summary>Booleans: a bit each, or runs behind four bytes of length.</summary>
internal sealed class BooleanDecoder : ValueDecoder
{
    public override LeafValues Decode(ParquetEncoding encoding, ref PageBytes bytes, int count) => encoding switch
    {
        ParquetEncoding.Plain => Values(Bits(bytes.Take((count + 7L) / 8), count)),
        ParquetEncoding.RunLength => Values(Runs(ref bytes, count)),
        _ => throw NotRead(encoding, "booleans"),
    };

    private static DirectValues<int> Values(int[] bits) => new(bits, bit => JsonValue.Create(bit != 0));

    private static int[] Bits(ReadOnlySpan<byte> packed, int count)
    {
        int[] bits = new int[count];
        for (int i = 0; i < count; i++)
        {
            bits[i] = (packed[i >> 3] >> (i & 7)) & 1;
        }

        return bits;
    }

    private static int[] Runs(ref PageBytes bytes, int count)
    {
        int[] bits = new int[count];
        RunLength.Decode(Prefixed(ref bytes), width: 1, limit: 2, bits);
        return bits;
    }

    private static PageBytes Prefixed(ref PageBytes bytes)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Take(4));
        return new(bytes.Take(length));
    }
}
