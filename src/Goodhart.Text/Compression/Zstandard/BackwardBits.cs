using System.Buffers.Binary;
using System.Numerics;

namespace Goodhart.Text.Compression.Zstandard;

/// <summary>
/// A zstd bitstream, read from its last bit to its first (RFC 8878, section 4.1). Past its start it gives zeros and <see cref="Left"/>
/// goes negative, which ends one kind of stream and condemns the others.
/// </summary>
internal ref struct BackwardBits
{
    private readonly ReadOnlySpan<byte> _bytes;

    public BackwardBits(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[^1] == 0)
        {
            throw ZstdDecoder.Bad("a bitstream has no end mark");
        }

        _bytes = bytes;
        Left = ((bytes.Length - 1) * 8) + BitOperations.Log2(bytes[^1]);
    }

    /// <summary>Bits not read yet; negative when more was read than there was.</summary>
    public int Left { get; private set; }

    /// <summary>Reads up to 32 bits, the first one read becoming the highest.</summary>
    public uint Read(int count)
    {
        uint value = Peek(count);
        Left -= count;
        return value;
    }

    public void Skip(int count) => Left -= count;

    public readonly uint Peek(int count)
    {
        int from = Left - count;
        if (from >= 0)
        {
            return Extract(from, count);
        }

        return Left > 0 ? Extract(0, Left) << (count - Left) : 0;
    }

    private readonly uint Extract(int from, int count)
    {
        int at = from >> 3;
        ulong window = 0;
        if (_bytes.Length - at >= 8)
        {
            window = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[at..]);
        }
        else
        {
            for (int i = _bytes.Length - 1; i >= at; i--)
            {
                window = (window << 8) | _bytes[i];
            }
        }

        return (uint)((window >> (from & 7)) & ((1UL << count) - 1));
    }
}
