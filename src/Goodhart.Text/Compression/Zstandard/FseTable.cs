using System.Numerics;

namespace Goodhart.Text.Compression.Zstandard;

/// <summary>A decoding table of finite state entropy: state → symbol, and how the next state is made (RFC 8878, section 4.1).</summary>
internal sealed class FseTable
{
    private readonly byte[] _symbols;
    private readonly byte[] _bits;
    private readonly ushort[] _bases;

    /// <param name="counts">Share of each symbol in 2^<paramref name="accuracyLog"/>; −1 stands for "less than one".</param>
    public FseTable(ReadOnlySpan<short> counts, int accuracyLog)
    {
        int size = 1 << accuracyLog;
        AccuracyLog = accuracyLog;
        _symbols = new byte[size];
        _bits = new byte[size];
        _bases = new ushort[size];
        Spread(counts, size);

        Span<int> next = stackalloc int[counts.Length];
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            next[symbol] = Math.Abs((int)counts[symbol]);
        }

        for (int state = 0; state < size; state++)
        {
            int share = next[_symbols[state]]++;
            int bits = accuracyLog - BitOperations.Log2((uint)share);
            _bits[state] = (byte)bits;
            _bases[state] = (ushort)((share << bits) - size);
        }
    }

    private FseTable(byte symbol)
    {
        _symbols = [symbol];
        _bits = [0];
        _bases = [0];
    }

    public int AccuracyLog { get; }

    /// <summary>A table of one symbol that takes no bits.</summary>
    public static FseTable Always(byte symbol) => new(symbol);

    /// <summary>Reads a table description and says how many bytes it took.</summary>
    public static FseTable Read(ReadOnlySpan<byte> source, int maxAccuracyLog, int maxSymbol, out int used)
    {
        ForwardBits bits = new(source);
        int accuracyLog = bits.Read(4) + 5;
        if (accuracyLog > maxAccuracyLog)
        {
            throw ZstdDecoder.Bad($"an FSE table of accuracy {accuracyLog}, expected at most {maxAccuracyLog}");
        }

        Span<short> counts = stackalloc short[maxSymbol + 1];
        int symbols = 0;
        int remaining = 1 << accuracyLog;
        while (remaining > 0 && symbols <= maxSymbol)
        {
            short count = ReadCount(ref bits, remaining);
            remaining -= Math.Abs((int)count);
            counts[symbols++] = count;
            if (count == 0)
            {
                symbols += Zeros(ref bits, maxSymbol);
            }
        }

        used = bits.BytesUsed;
        if (remaining != 0 || symbols > maxSymbol + 1 || used > source.Length)
        {
            throw ZstdDecoder.Bad("an FSE table that does not add up");
        }

        return new(counts[..symbols], accuracyLog);
    }

    public int Start(ref BackwardBits bits) => (int)bits.Read(AccuracyLog);

    public byte Symbol(int state) => _symbols[state];

    public int Next(int state, ref BackwardBits bits) => _bases[state] + (int)bits.Read(_bits[state]);

    /// <summary>A count of at most <paramref name="remaining"/>, in as few bits as that allows: small values take one bit less.</summary>
    private static short ReadCount(ref ForwardBits bits, int remaining)
    {
        int width = BitOperations.Log2((uint)remaining + 1) + 1;
        int value = bits.Read(width);
        int lowMask = (1 << (width - 1)) - 1;
        int shorter = (1 << width) - 2 - remaining;
        if ((value & lowMask) < shorter)
        {
            bits.Return(1);
            value &= lowMask;
        }
        else if (value > lowMask)
        {
            value -= shorter;
        }

        return (short)(value - 1);
    }

    /// <summary>After a zero: how many more follow, two bits at a time; three means "and read on".</summary>
    private static int Zeros(ref ForwardBits bits, int atMost)
    {
        int zeros = 0;
        int more;
        do
        {
            more = bits.Read(2);
            zeros += more;
        }
        while (more == 3 && zeros <= atMost);
        return zeros;
    }

    /// <summary>Rare symbols take the last states; the others are laid out by a stride that meets every state once.</summary>
    private void Spread(ReadOnlySpan<short> counts, int size)
    {
        int high = size;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] == -1)
            {
                _symbols[--high] = (byte)symbol;
            }
        }

        int position = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            for (int i = 0; i < counts[symbol]; i++)
            {
                _symbols[position] = (byte)symbol;
                do
                {
                    position = (position + (size >> 1) + (size >> 3) + 3) & (size - 1);
                }
                while (position >= high);
            }
        }
    }
}
