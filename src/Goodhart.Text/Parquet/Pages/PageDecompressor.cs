using System.IO.Compression;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace Goodhart.Text.Parquet.Pages;

/// <summary>Undoes a column's compression, one page at a time.</summary>
internal static class PageDecompressor
{
    private static readonly string[] Names = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"];

    /// <summary>The most that a codec can make of one byte, for those where that bounds a false claim.</summary>
    private static readonly int[] MaxExpansion = [1, 24, 1040, 0, int.MaxValue, 0, 33_000, 256];

    /// <summary>Decompresses a page into exactly <paramref name="size"/> bytes.</summary>
    /// <exception cref="InvalidDataException">The page is damaged, or is not of that size.</exception>
    /// <exception cref="NotSupportedException">The codec is LZO, the deprecated LZ4, or unknown.</exception>
    public static byte[] Decompress(int codec, byte[] page, int offset, int size)
    {
        if (codec is < 0 or > 7 or 3 or 5)
        {
            string name = codec is 3 or 5 ? Names[codec] : $"number {codec}";
            throw new NotSupportedException($"compression {name} is not read; write the file with zstd, snappy, gzip, brotli or LZ4_RAW");
        }

        int stored = page.Length - offset;
        if (size < 0 || size > ((long)stored + 16) * MaxExpansion[codec])
        {
            throw new InvalidDataException($"{stored} bytes of {Names[codec]} cannot hold the {size} bytes claimed");
        }

        if (stored == 0 && size == 0)
        {
            return [];
        }

        byte[] into = new byte[size];
        int written;
        try
        {
            written = Decode(codec, page, offset, into);
        }
        catch (Exception damage) when (damage is not (InvalidDataException or OutOfMemoryException))
        {
            // Each library has exceptions of its own for the same thing.
            throw new InvalidDataException($"{Names[codec]} data are damaged: {damage.Message}", damage);
        }

        return written == size
            ? into
            : throw new InvalidDataException($"{Names[codec]} gave {written} bytes where {size} are claimed");
    }

    /// <returns>The bytes written; another number than there is room for where the data say so.</returns>
    private static int Decode(int codec, byte[] page, int offset, byte[] into)
    {
        ReadOnlySpan<byte> source = page.AsSpan(offset);
        switch (codec)
        {
            case 0:
                source[..Math.Min(source.Length, into.Length)].CopyTo(into);
                return source.Length;
            case 1:
                int claimed = Snappy.GetUncompressedLength(source);
                return claimed == into.Length ? Snappy.Decompress(source, into) : claimed;
            case 2:
                return Gunzip(page, offset, into);
            case 4:
                return BrotliDecoder.TryDecompress(source, into, out int written)
                    ? written
                    : throw new InvalidDataException($"brotli data are damaged, or decode to more than {into.Length} bytes");
            case 6:
                using (Decompressor zstd = new())
                {
                    return zstd.Unwrap(source, into);
                }

            default:
                return into.Length == 0 && source is [0] ? 0 : LZ4Codec.Decode(source, into);   // the library takes no empty block
        }
    }

    private static int Gunzip(byte[] page, int offset, byte[] into)
    {
        using GZipStream gzip = new(new MemoryStream(page, offset, page.Length - offset), CompressionMode.Decompress);
        int written = gzip.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        return gzip.ReadByte() < 0 ? written : throw new InvalidDataException($"gzip data decode to more than {into.Length} bytes");
    }
}
