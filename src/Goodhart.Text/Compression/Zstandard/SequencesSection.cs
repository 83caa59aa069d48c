namespace Goodhart.Text.Compression.Zstandard;

/// <summary>The second half of a compressed block: literal runs and matches (RFC 8878, sections 3.1.1.3.2 and 3.1.1.4).</summary>
internal sealed class SequencesSection
{
    private readonly uint[] _recent = [1, 4, 8];
    private FseTable? _literalLengths;
    private FseTable? _offsets;
    private FseTable? _matchLengths;

    /// <summary>Writes the block's bytes from <paramref name="start"/> and returns where they end.</summary>
    public int Execute(ReadOnlySpan<byte> source, ReadOnlySpan<byte> literals, Span<byte> frame, int start)
    {
        int count = ReadCount(source, out int used);
        if (count > 0)
        {
            ReadTables(source, ref used);
        }
        else if (used != source.Length)
        {
            throw ZstdDecoder.Bad("bytes behind a block without sequences");
        }

        int written = start;
        int taken = 0;
        if (count > 0)
        {
            Run(source[used..], count, literals, ref taken, frame, ref written);
        }

        ReadOnlySpan<byte> rest = literals[taken..];
        if (rest.Length > frame.Length - written)
        {
            throw ZstdDecoder.Full(frame.Length);
        }

        rest.CopyTo(frame[written..]);
        return written + rest.Length;
    }

    private static int ReadCount(ReadOnlySpan<byte> source, out int used)
    {
        int first = (int)ZstdDecoder.LittleEndian(source, 1);
        used = first switch { < 128 => 1, < 255 => 2, _ => 3 };
        int more = (int)ZstdDecoder.LittleEndian(source, used) >> 8;
        return first switch
        {
            < 128 => first,
            < 255 => ((first - 128) << 8) + more,
            _ => more + 0x7F00,
        };
    }

    private void ReadTables(ReadOnlySpan<byte> source, ref int used)
    {
        int modes = (int)ZstdDecoder.LittleEndian(source[used..], 1);
        used++;
        if ((modes & 3) != 0)
        {
            throw ZstdDecoder.Bad("reserved bits set in the modes of a block");
        }

        _literalLengths = Table(SequenceCode.LiteralLength, modes >> 6, _literalLengths, source, ref used);
        _offsets = Table(SequenceCode.Offset, (modes >> 4) & 3, _offsets, source, ref used);
        _matchLengths = Table(SequenceCode.MatchLength, (modes >> 2) & 3, _matchLengths, source, ref used);
    }

    private static FseTable Table(SequenceCode code, int mode, FseTable? last, ReadOnlySpan<byte> source, ref int used)
    {
        switch (mode)
        {
            case 0:
                return code.Default;
            case 1:
                int symbol = (int)ZstdDecoder.LittleEndian(source[used..], 1);
                used++;
                return symbol <= code.MaxSymbol ? FseTable.Always((byte)symbol) : throw ZstdDecoder.Bad($"{code.Name} code {symbol}");
            case 2:
                FseTable table = FseTable.Read(source[used..], code.MaxAccuracyLog, code.MaxSymbol, out int bytes);
                used += bytes;
                return table;
            default:
                return last ?? throw ZstdDecoder.Bad($"a block that reuses the {code.Name} table before there is one");
        }
    }

    private void Run(
        ReadOnlySpan<byte> stream, int count, ReadOnlySpan<byte> literals, ref int taken, Span<byte> frame, ref int written)
    {
        BackwardBits bits = new(stream);
        int literalState = _literalLengths!.Start(ref bits);
        int offsetState = _offsets!.Start(ref bits);
        int matchState = _matchLengths!.Start(ref bits);
        for (int i = 0; i < count; i++)
        {
            uint offsetValue = SequenceCode.Offset.Value(_offsets.Symbol(offsetState), ref bits);
            uint match = SequenceCode.MatchLength.Value(_matchLengths.Symbol(matchState), ref bits);
            uint run = SequenceCode.LiteralLength.Value(_literalLengths.Symbol(literalState), ref bits);
            uint offset = ResolveOffset(offsetValue, run == 0);
            Copy(run, match, offset, literals, ref taken, frame, ref written);
            if (i < count - 1)
            {
                literalState = _literalLengths.Next(literalState, ref bits);
                matchState = _matchLengths.Next(matchState, ref bits);
                offsetState = _offsets.Next(offsetState, ref bits);
            }

            if (bits.Left < 0)
            {
                throw ZstdDecoder.Bad($"the bitstream ends inside sequence {i + 1} of {count}");
            }
        }

        if (bits.Left != 0)
        {
            throw ZstdDecoder.Bad($"{bits.Left} bits left over behind {count} sequences");
        }
    }

    private static void Copy(
        uint run, uint match, uint offset, ReadOnlySpan<byte> literals, ref int taken, Span<byte> frame, ref int written)
    {
        if (run > literals.Length - taken)
        {
            throw ZstdDecoder.Bad($"a run of {run} literals where {literals.Length - taken} are left");
        }

        if ((long)run + match > frame.Length - written)
        {
            throw ZstdDecoder.Full(frame.Length);
        }

        literals.Slice(taken, (int)run).CopyTo(frame[written..]);
        taken += (int)run;
        written += (int)run;
        if (offset == 0 || offset > written)
        {
            throw ZstdDecoder.Bad($"a match from {offset} back, with {written} bytes written");
        }

        BackReference.Copy(frame, written, (int)offset, (int)match);
        written += (int)match;
    }

    /// <summary>Values 1 to 3 name a recent offset (shifted by one behind an empty run); others are new offsets plus 3.</summary>
    private uint ResolveOffset(uint value, bool emptyRun)
    {
        if (value > 3)
        {
            (_recent[0], _recent[1], _recent[2]) = (value - 3, _recent[0], _recent[1]);
            return _recent[0];
        }

        uint index = value - (emptyRun ? 0u : 1u);
        if (index == 0)
        {
            return _recent[0];
        }

        uint offset = index < 3 ? _recent[index] : _recent[0] - 1;
        _recent[2] = index == 1 ? _recent[2] : _recent[1];
        _recent[1] = _recent[0];
        _recent[0] = offset;
        return offset;
    }
}
