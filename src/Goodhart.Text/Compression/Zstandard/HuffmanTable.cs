using System.Numerics;

namespace Goodhart.Text.Compression.Zstandard;

/// <summary>The prefix code of a block's literals (RFC 8878, section 4.2).</summary>
internal sealed class HuffmanTable
{
    private const int MaxBits = 11;
    private const int MaxWeightAccuracy = 6;
    private readonly byte[] _symbols;
    private readonly byte[] _lengths;
    private readonly int _bits;

    private HuffmanTable(ReadOnlySpan<byte> weights, int bits)
    {
        _bits = bits;
        _symbols = new byte[1 << bits];
        _lengths = new byte[1 << bits];
        int at = 0;

        // The longest codes come first; a weight w stands for a code of bits + 1 − w and fills 2^(w−1) entries.
        for (int weight = 1; weight <= bits; weight++)
        {
            for (int symbol = 0; symbol < weights.Length; symbol++)
            {
                if (weights[symbol] == weight)
                {
                    int entries = 1 << (weight - 1);
                    _symbols.AsSpan(at, entries).Fill((byte)symbol);
                    _lengths.AsSpan(at, entries).Fill((byte)(bits + 1 - weight));
                    at += entries;
                }
            }
        }
    }

    /// <summary>Reads a table description and says how many bytes it took.</summary>
    public static HuffmanTable Read(ReadOnlySpan<byte> source, out int used)
    {
        if (source.IsEmpty)
        {
            throw ZstdDecoder.Bad("literals without their Huffman table");
        }

        int header = source[0];
        int bytes = header < 128 ? header : (header - 126) / 2;
        if (bytes > source.Length - 1)
        {
            throw ZstdDecoder.Bad($"a Huffman table of {bytes} bytes where {source.Length - 1} are left");
        }

        used = 1 + bytes;
        Span<byte> weights = stackalloc byte[256];
        ReadOnlySpan<byte> body = source.Slice(1, bytes);
        int count = header < 128 ? CompressedWeights(body, weights) : PlainWeights(body, header - 127, weights);
        return WithLastWeight(weights, count);
    }

    /// <summary>Decodes one stream into the whole of <paramref name="destination"/>.</summary>
    public void Decode(ReadOnlySpan<byte> stream, Span<byte> destination)
    {
        BackwardBits bits = new(stream);
        for (int i = 0; i < destination.Length; i++)
        {
            uint entry = bits.Peek(_bits);
            destination[i] = _symbols[entry];
            bits.Skip(_lengths[entry]);
        }

        if (bits.Left != 0)
        {
            throw ZstdDecoder.Bad($"a literals stream with {bits.Left} bits left over");
        }
    }

    private static int PlainWeights(ReadOnlySpan<byte> body, int count, Span<byte> weights)
    {
        for (int i = 0; i < count; i++)
        {
            weights[i] = (byte)((i & 1) == 0 ? body[i / 2] >> 4 : body[i / 2] & 15);
        }

        return count;
    }

    /// <summary>Two states share one bitstream in turn; it ends when one of them runs out, and the other gives the last weight.</summary>
    private static int CompressedWeights(ReadOnlySpan<byte> body, Span<byte> weights)
    {
        FseTable table = FseTable.Read(body, MaxWeightAccuracy, MaxBits + 1, out int used);
        BackwardBits bits = new(body[used..]);
        int current = table.Start(ref bits);
        int other = table.Start(ref bits);
        for (int count = 0; count < 254; count++)
        {
            weights[count] = table.Symbol(current);
            current = table.Next(current, ref bits);
            if (bits.Left < 0)
            {
                weights[count + 1] = table.Symbol(other);
                return count + 2;
            }

            (current, other) = (other, current);
        }

        throw ZstdDecoder.Bad("a Huffman table of more than 255 weights");
    }

    /// <summary>The weight of the last symbol is not stored: it completes the sum to a power of two.</summary>
    private static HuffmanTable WithLastWeight(Span<byte> weights, int count)
    {
        int sum = 0;
        foreach (byte weight in weights[..count])
        {
            sum += weight > MaxBits ? throw ZstdDecoder.Bad($"a Huffman weight of {weight}") : (1 << weight) >> 1;
        }

        int bits = sum == 0 ? 0 : BitOperations.Log2((uint)sum) + 1;
        int missing = (1 << bits) - sum;
        if (bits is 0 or > MaxBits || !BitOperations.IsPow2(missing))
        {
            throw ZstdDecoder.Bad("Huffman weights that do not add up");
        }

        weights[count] = (byte)(BitOperations.Log2((uint)missing) + 1);
        return new(weights[..(count + 1)], bits);
    }
}
