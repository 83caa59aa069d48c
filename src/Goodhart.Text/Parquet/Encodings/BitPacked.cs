namespace Goodhart.Text.Parquet.Encodings;

/// <summary>Numbers of a fixed width in bits, the lowest bit first.</summary>
internal static class BitPacked
{
    /// <summary>Reads the number at <paramref name="index"/>; the caller has checked that the bytes hold it.</summary>
    public static ulong Read(ReadOnlySpan<byte> bytes, int width, int index)
    {
        long position = (long)width * index;
        ulong value = 0;
        int got = 0;
        while (got < width)
        {
            int shift = (int)(position & 7);
            int take = Math.Min(8 - shift, width - got);
            ulong bits = (ulong)(bytes[(int)(position >> 3)] >> shift) & ((1UL << take) - 1);
            value |= bits << got;
            got += take;
            position += take;
        }

        return value;
    }
}
