namespace Goodhart.Text.Compression;

/// <summary>Decodes one raw LZ4 block (Parquet's LZ4_RAW), not the framed format of <c>.lz4</c> files.</summary>
/// <remarks>Format: lz4/lz4, <c>doc/lz4_Block_format.md</c>. A block does not say how long it is decoded; the destination bounds it.</remarks>
public static class Lz4BlockDecoder
{
    private const int ShortestMatch = 4;

    /// <summary>Decodes a whole block into <paramref name="destination"/>.</summary>
    /// <returns>The bytes written, which may be fewer than the destination holds.</returns>
    /// <exception cref="InvalidDataException">The block is cut short, points before its start, or does not fit the destination.</exception>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int read = 0;
        int written = 0;
        while (true)
        {
            byte token = Next(source, ref read);
            long literals = Length(source, token >> 4, ref read);
            if (literals > source.Length - read || literals > destination.Length - written)
            {
                throw Bad($"{literals} literals exceed the block or the {destination.Length} bytes expected", read);
            }

            source.Slice(read, (int)literals).CopyTo(destination[written..]);
            read += (int)literals;
            written += (int)literals;
            if (read == source.Length)
            {
                // Only the last sequence has no match.
                return written;
            }

            int offset = Next(source, ref read) | (Next(source, ref read) << 8);
            long match = Length(source, token & 15, ref read) + ShortestMatch;
            if (offset == 0 || offset > written || match > destination.Length - written)
            {
                throw Bad($"a match of {match} bytes from {offset} back, with {written} of {destination.Length} bytes written", read);
            }

            BackReference.Copy(destination, written, offset, (int)match);
            written += (int)match;
        }
    }

    /// <summary>Four bits of length; fifteen means that bytes follow to be added, up to and with the first below 255.</summary>
    private static long Length(ReadOnlySpan<byte> source, int nibble, ref int read)
    {
        long length = nibble;
        if (nibble == 15)
        {
            byte more;
            do
            {
                more = Next(source, ref read);
                length += more;
            }
            while (more == 255);
        }

        return length;
    }

    private static byte Next(ReadOnlySpan<byte> source, ref int read) =>
        read < source.Length ? source[read++] : throw Bad("the block ends inside a sequence", read);

    private static InvalidDataException Bad(string what, int at) => new($"lz4: {what} (byte {at} of the block)");
}
