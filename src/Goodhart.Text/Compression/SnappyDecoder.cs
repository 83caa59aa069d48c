namespace Goodhart.Text.Compression;

/// <summary>Decodes raw snappy blocks, as Parquet pages hold them (not the framed stream format).</summary>
/// <remarks>Format: a varint of the decoded length, then literals and copies; see google/snappy, <c>format_description.txt</c>.</remarks>
public static class SnappyDecoder
{
    /// <summary>The length that the block says it decodes to, in bytes. Nothing is allocated by its word.</summary>
    /// <exception cref="InvalidDataException">The block does not start with a length.</exception>
    public static long DecodedLength(ReadOnlySpan<byte> source) => ReadLength(source, out _);

    /// <summary>Decodes a whole block into <paramref name="destination"/>.</summary>
    /// <returns>The bytes written: exactly what the block's own length says.</returns>
    /// <exception cref="InvalidDataException">The block is cut short, points before its start, or does not fit the destination.</exception>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        long length = ReadLength(source, out int read);
        if (length > destination.Length)
        {
            throw Bad($"the block decodes to {length} bytes, expected at most {destination.Length}", 0);
        }

        destination = destination[..(int)length];
        int written = 0;
        while (read < source.Length)
        {
            int at = read;
            byte tag = source[read++];
            if ((tag & 3) == 0)
            {
                int count = LiteralLength(source, tag, ref read);
                if (count > source.Length - read || count > destination.Length - written)
                {
                    throw Bad($"a literal of {count} bytes exceeds the block", at);
                }

                source.Slice(read, count).CopyTo(destination[written..]);
                read += count;
                written += count;
                continue;
            }

            (int copy, long offset) = ReadCopy(source, tag, ref read);
            if (offset == 0 || offset > written || copy > destination.Length - written)
            {
                throw Bad($"a copy of {copy} bytes from {offset} back, with {written} of {length} bytes written", at);
            }

            BackReference.Copy(destination, written, (int)offset, copy);
            written += copy;
        }

        return written == length ? written : throw Bad($"the block ends after {written} of {length} bytes", read);
    }

    private static long ReadLength(ReadOnlySpan<byte> source, out int read)
    {
        ulong length = 0;
        for (read = 0; read < 5 && read < source.Length; read++)
        {
            length |= (ulong)(source[read] & 0x7F) << (7 * read);
            if (source[read] < 0x80)
            {
                read++;
                return length <= uint.MaxValue ? (long)length : throw Bad($"decoded length {length} is beyond 32 bits", 0);
            }
        }

        throw Bad("expected a length of at most five bytes", 0);
    }

    /// <summary>Up to 60 bytes the tag holds the length; longer literals have it in one to four bytes behind the tag.</summary>
    private static int LiteralLength(ReadOnlySpan<byte> source, byte tag, ref int read)
    {
        int code = tag >> 2;
        long length = code < 60 ? code + 1L : ReadLittleEndian(source, code - 59, ref read) + 1L;
        return length <= int.MaxValue ? (int)length : throw Bad($"a literal of {length} bytes", read);
    }

    private static (int Length, long Offset) ReadCopy(ReadOnlySpan<byte> source, byte tag, ref int read) => (tag & 3) switch
    {
        1 => (4 + ((tag >> 2) & 7), ((tag >> 5) * 256L) + ReadLittleEndian(source, 1, ref read)),
        2 => (1 + (tag >> 2), ReadLittleEndian(source, 2, ref read)),
        _ => (1 + (tag >> 2), ReadLittleEndian(source, 4, ref read)),
    };

    private static long ReadLittleEndian(ReadOnlySpan<byte> source, int bytes, ref int read)
    {
        if (bytes > source.Length - read)
        {
            throw Bad("the block ends inside a tag", read);
        }

        long value = 0;
        for (int i = 0; i < bytes; i++)
        {
            value |= (long)source[read++] << (8 * i);
        }

        return value;
    }

    private static InvalidDataException Bad(string what, int at) => new($"snappy: {what} (byte {at} of the block)");
}
