namespace Goodhart.Text.Parquet.Encodings;

/// <summary>Parquet's mixture of runs and bit-packed groups of eight: levels, dictionary indices, booleans of version 2.</summary>
internal static class RunLength
{
    /// <summary>Decodes exactly as many numbers as <paramref name="into"/> holds; padding of the last group is dropped.</summary>
    /// <param name="width">Bits of a number, 0 to 32.</param>
    /// <param name="limit">The numbers must be below this.</param>
    public static void Decode(PageBytes bytes, int width, long limit, Span<int> into)
    {
        if (width > 32)
        {
            throw new InvalidDataException($"numbers of {width} bits, expected at most 32");
        }

        int at = 0;
        while (at < into.Length)
        {
            ulong header = bytes.Varint();
            ulong count = header >> 1;
            if (count == 0)
            {
                throw new InvalidDataException("a run of no values");
            }

            at += (header & 1) == 0
                ? Run(ref bytes, width, count, limit, into[at..])
                : Groups(ref bytes, width, count, limit, into[at..]);
        }
    }

    private static int Run(ref PageBytes bytes, int width, ulong count, long limit, Span<int> into)
    {
        int size = (width + 7) / 8;
        ulong value = 0;
        ReadOnlySpan<byte> stored = bytes.Take(size);
        for (int i = 0; i < size; i++)
        {
            value |= (ulong)stored[i] << (8 * i);
        }

        int taken = (int)Math.Min(count, (ulong)into.Length);
        into[..taken].Fill(Checked(value, limit));
        return taken;
    }

    private static int Groups(ref PageBytes bytes, int width, ulong groups, long limit, Span<int> into)
    {
        int taken = (int)Math.Min(Math.Min(groups, int.MaxValue / 8) * 8, (ulong)into.Length);

        // The last group may be cut off behind the last value.
        long stored = (long)Math.Min(groups, int.MaxValue / 8) * width;
        long needed = (((long)taken * width) + 7) / 8;
        ReadOnlySpan<byte> packed = bytes.Take(Math.Max(needed, Math.Min(stored, bytes.Left)));
        for (int i = 0; i < taken; i++)
        {
            into[i] = Checked(BitPacked.Read(packed, width, i), limit);
        }

        return taken;
    }

    private static int Checked(ulong value, long limit) => value < (ulong)limit
        ? (int)value
        : throw new InvalidDataException($"found {value} where numbers below {limit} are expected");
}
