using System.Buffers.Binary;
using System.IO.Compression;

namespace Goodhart.Text.Datasets.Files;

/// <summary>What a gzip file unpacks to, as a stream that notices damage.</summary>
internal static class GzipContent
{
    /// <param name="packed">Can seek; is disposed with the result.</param>
    public static CheckedStream Open(string name, FileStream packed)
    {
        Span<byte> size = stackalloc byte[sizeof(uint)];
        packed.Position = Math.Max(0, packed.Length - size.Length);
        packed.ReadAtLeast(size, size.Length, throwOnEndOfStream: false);
        packed.Position = 0;
        return new CheckedStream(name, new GZipStream(packed, CompressionMode.Decompress), BinaryPrimitives.ReadUInt32LittleEndian(size));
    }
}
