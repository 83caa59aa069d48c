using System.Globalization;
using Goodhart.Text.Compression.Zstandard;

namespace Goodhart.Text.Compression;

/// <summary>Decodes Zstandard data (RFC 8878): frames one behind another, skippable frames, checksums verified; no dictionaries.</summary>
/// <remarks>The destination is the window: no memory is taken by a frame's word.</remarks>
public static class ZstdDecoder
{
    /// <summary>The most that one block may hold, in bytes.</summary>
    internal const int MaxBlock = 128 * 1024;

    private const uint Magic = 0xFD2FB528;
    private const uint SkippableMagic = 0x184D2A50;

    /// <summary>Decodes all frames of <paramref name="source"/>, one behind another, into <paramref name="destination"/>.</summary>
    /// <returns>The bytes written, which may be fewer than the destination holds.</returns>
    /// <exception cref="InvalidDataException">The data are cut short, contradict themselves, or do not fit the destination.</exception>
    /// <exception cref="NotSupportedException">A frame needs a dictionary.</exception>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int read = 0;
        int written = 0;
        do
        {
            int start = read;
            try
            {
                Frame(source, ref read, destination, ref written);
            }
            catch (InvalidDataException problem)
            {
                string where = string.Create(CultureInfo.InvariantCulture, $" (frame at byte {start}, near byte {read} of the data)");
                throw new InvalidDataException(problem.Message + where, problem);
            }
        }
        while (read < source.Length);
        return written;
    }

    internal static InvalidDataException Bad(string what) => new($"zstd: {what}");

    internal static InvalidDataException Full(int room) =>
        Bad(string.Create(CultureInfo.InvariantCulture, $"the data decode to more than the {room} bytes expected"));

    /// <summary>The first <paramref name="bytes"/> bytes as a number, refused where there are fewer.</summary>
    internal static ulong LittleEndian(ReadOnlySpan<byte> source, int bytes)
    {
        if (source.Length < bytes)
        {
            throw Bad("the data end too early");
        }

        ulong value = 0;
        for (int i = bytes - 1; i >= 0; i--)
        {
            value = (value << 8) | source[i];
        }

        return value;
    }

    private static void Frame(ReadOnlySpan<byte> source, ref int read, Span<byte> destination, ref int written)
    {
        uint magic = (uint)LittleEndian(source[read..], 4);
        if ((magic & ~15u) == SkippableMagic)
        {
            ulong skipped = 8 + LittleEndian(source[(read + 4)..], 4);
            read += skipped <= (ulong)(source.Length - read) ? (int)skipped : throw Bad("a skippable frame that is cut short");
            return;
        }

        if (magic != Magic)
        {
            throw Bad($"expected a frame (28 B5 2F FD), found {magic & 255:X2} {(magic >> 8) & 255:X2} .. ..");
        }

        read += 4;
        FrameHeader header = FrameHeader.Read(source, ref read);
        Span<byte> frame = destination[written..];
        if (header.ContentSize > (ulong)frame.Length)
        {
            throw Bad($"a frame of {header.ContentSize} bytes where {frame.Length} are expected");
        }

        int size = Blocks(source, ref read, frame, header.MaxBlock);
        if (header.ContentSize is { } expected && expected != (ulong)size)
        {
            throw Bad($"a frame of {size} bytes that claims {expected}");
        }

        if (header.HasChecksum)
        {
            uint stored = (uint)LittleEndian(source[read..], 4);
            read += 4;
            if (stored != (uint)XxHash64.Of(frame[..size]))
            {
                throw Bad("the checksum does not match: the data are damaged");
            }
        }

        written += size;
    }

    private static int Blocks(ReadOnlySpan<byte> source, ref int read, Span<byte> frame, int maxBlock)
    {
        LiteralsSection? literals = null;
        SequencesSection sequences = new();
        int written = 0;
        bool last;
        do
        {
            int header = (int)LittleEndian(source[read..], 3);
            read += 3;
            last = (header & 1) != 0;
            int kind = (header >> 1) & 3;
            int size = header >> 3;
            int stored = kind == 1 ? 1 : size;
            if (kind == 3 || size > maxBlock || stored > source.Length - read)
            {
                throw Bad($"a block of kind {kind} and {size} bytes; {source.Length - read} bytes are left, {maxBlock} allowed");
            }

            ReadOnlySpan<byte> block = source.Slice(read, stored);
            int end = kind == 2
                ? Compressed(block, literals ??= new(), sequences, frame, written)
                : Stored(block, size, run: kind == 1, frame, written);
            if (end - written > maxBlock)
            {
                throw Bad($"a block that decodes to {end - written} bytes, {maxBlock} allowed");
            }

            written = end;
            read += stored;
        }
        while (!last);
        return written;
    }

    private static int Compressed(
        ReadOnlySpan<byte> block, LiteralsSection literals, SequencesSection sequences, Span<byte> frame, int written)
    {
        ReadOnlySpan<byte> decoded = literals.Decode(block, out int used);
        return sequences.Execute(block[used..], decoded, frame, written);
    }

    private static int Stored(ReadOnlySpan<byte> block, int size, bool run, Span<byte> frame, int written)
    {
        if (size > frame.Length - written)
        {
            throw Full(frame.Length);
        }

        Span<byte> target = frame.Slice(written, size);
        if (run)
        {
            target.Fill(block[0]);
        }
        else
        {
            block.CopyTo(target);
        }

        return written + size;
    }
}
