using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Goodhart.Text.Audit;

/// <summary>The first half of a SHA-256: texts that differ have different ones for all practical purposes, and 16 bytes stand for a
/// post.</summary>
public static class Fingerprint
{
    /// <summary>Of texts in order; ("a", "b") and ("ab", "") differ.</summary>
    public static UInt128 Of(params ReadOnlySpan<string> texts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (string text in texts)
        {
            BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
            hash.AppendData(length);

            // UTF-16 as it is in memory: half of a surrogate pair, which UTF-8 cannot say, is a text of its own.
            hash.AppendData(BitConverter.IsLittleEndian ? MemoryMarshal.AsBytes(text.AsSpan()) : Encoding.Unicode.GetBytes(text));
        }

        return BinaryPrimitives.ReadUInt128BigEndian(hash.GetHashAndReset());
    }
}
