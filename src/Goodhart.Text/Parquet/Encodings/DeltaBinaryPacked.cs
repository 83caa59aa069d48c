namespace Goodhart.Text.Parquet.Encodings;

/// <summary>DELTA_BINARY_PACKED: differences in blocks of miniblocks, each with its own width in bits.</summary>
internal static class DeltaBinaryPacked
{
    private const int MaxBlock = 1 << 20;

    /// <summary>Decodes <paramref name="expected"/> numbers; a page that says it holds another count is refused.</summary>
    /// <remarks>Sums wrap around, as the format prescribes; 32-bit columns keep the low half.</remarks>
    public static long[] Decode(ref PageBytes bytes, int expected)
    {
        ulong block = bytes.Varint();
        ulong miniblocks = bytes.Varint();
        ulong total = bytes.Varint();
        long value = bytes.Zigzag();
        if (block is 0 or > MaxBlock || miniblocks == 0 || block % miniblocks != 0 || block / miniblocks % 8 != 0)
        {
            throw new InvalidDataException($"delta blocks of {block} values in {miniblocks} parts");
        }

        if (total != (ulong)expected)
        {
            throw new InvalidDataException($"{total} delta-coded values where {expected} are expected");
        }

        long[] values = new long[expected];
        if (expected > 0)
        {
            values[0] = value;
        }

        int at = 1;
        while (at < expected)
        {
            long smallest = bytes.Zigzag();
            ReadOnlySpan<byte> widths = bytes.Take((long)miniblocks);
            for (int i = 0; i < widths.Length && at < expected; i++)
            {
                at = Miniblock(ref bytes, widths[i], (int)(block / miniblocks), smallest, values, at);
            }
        }

        return values;
    }

    private static int Miniblock(ref PageBytes bytes, int width, int size, long smallest, long[] values, int at)
    {
        if (width > 64)
        {
            throw new InvalidDataException($"differences of {width} bits, expected at most 64");
        }

        ReadOnlySpan<byte> packed = bytes.Take((long)width * size / 8);
        int end = Math.Min(at + size, values.Length);
        for (int i = 0; at < end; i++, at++)
        {
            values[at] = unchecked(values[at - 1] + smallest + (long)BitPacked.Read(packed, width, i));
        }

        return at;
    }
}
