namespace Goodhart.Text.Compression.Zstandard;

/// <summary>What a frame says of itself (RFC 8878, section 3.1.1.1).</summary>
/// <param name="ContentSize">Bytes that the frame decodes to, where it says so.</param>
/// <param name="MaxBlock">The most that one of its blocks may hold, in bytes.</param>
/// <param name="HasChecksum">Four bytes of xxHash64 follow the last block.</param>
internal readonly record struct FrameHeader(ulong? ContentSize, int MaxBlock, bool HasChecksum)
{
    public static FrameHeader Read(ReadOnlySpan<byte> source, ref int read)
    {
        int descriptor = (int)Next(source, 1, ref read);
        bool singleSegment = (descriptor & 0x20) != 0;
        if ((descriptor & 8) != 0)
        {
            throw ZstdDecoder.Bad("a reserved bit is set in the frame header");
        }

        ulong window = singleSegment ? 0 : Window((int)Next(source, 1, ref read));
        ulong dictionary = Next(source, (descriptor & 3) switch { 0 => 0, 1 => 1, 2 => 2, _ => 4 }, ref read);
        if (dictionary != 0)
        {
            throw new NotSupportedException($"zstd: the frame needs dictionary {dictionary}; dictionaries are not read");
        }

        ulong? content = ContentSizeOf(source, descriptor >> 6, singleSegment, ref read);
        ulong limit = singleSegment ? content!.Value : window;
        return new(content, (int)Math.Min(limit, ZstdDecoder.MaxBlock), (descriptor & 4) != 0);
    }

    private static ulong Window(int descriptor)
    {
        ulong power = 1UL << (10 + (descriptor >> 3));
        return power + (power / 8 * (ulong)(descriptor & 7));
    }

    private static ulong? ContentSizeOf(ReadOnlySpan<byte> source, int field, bool singleSegment, ref int read) => field switch
    {
        0 => singleSegment ? Next(source, 1, ref read) : null,
        1 => Next(source, 2, ref read) + 256,
        2 => Next(source, 4, ref read),
        _ => Next(source, 8, ref read),
    };

    private static ulong Next(ReadOnlySpan<byte> source, int bytes, ref int read)
    {
        ulong value = ZstdDecoder.LittleEndian(source[read..], bytes);
        read += bytes;
        return value;
    }
}
