using System.Buffers.Binary;
using System.Numerics;

namespace Goodhart.Alignment.Logging;

/// <summary>The checksum of TFRecord files: CRC-32C (Castagnoli), rotated and offset so that a checksum of checksums is not
/// degenerate.</summary>
internal static class MaskedCrc32C
{
    private const uint Offset = 0xa282ead8;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte one in data)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return BitOperations.RotateRight(~crc, 15) + Offset;
    }
}
