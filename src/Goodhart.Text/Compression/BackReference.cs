namespace Goodhart.Text.Compression;

/// <summary>The copy that every LZ77 format shares: bytes already written, repeated further on.</summary>
internal static class BackReference
{
    /// <summary>
    /// Copies <paramref name="length"/> bytes from <paramref name="offset"/> before <paramref name="at"/>. The ranges may overlap: an
    /// offset shorter than the length repeats the last bytes, which is how these formats write runs.
    /// </summary>
    /// <remarks>The caller has checked 0 &lt; offset ≤ at and that the destination has room.</remarks>
    public static void Copy(Span<byte> destination, int at, int offset, int length)
    {
        int from = at - offset;
        while (length > 0)
        {
            // What lies between source and destination never overlaps, and it doubles on each turn.
            int step = Math.Min(length, at - from);
            destination.Slice(from, step).CopyTo(destination[at..]);
            at += step;
            length -= step;
        }
    }
}
