namespace Goodhart.Text.Compression.Zstandard;

/// <summary>The first half of a compressed block: its literal bytes (RFC 8878, section 3.1.1.3.1).</summary>
internal sealed class LiteralsSection
{
    private readonly byte[] _buffer = new byte[ZstdDecoder.MaxBlock];
    private HuffmanTable? _table;

    /// <summary>Decodes the literals at the start of <paramref name="block"/> and says how many bytes they took.</summary>
    /// <returns>A view that the next call overwrites.</returns>
    public ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> block, out int used)
    {
        if (block.IsEmpty)
        {
            throw ZstdDecoder.Bad("a compressed block without content");
        }

        int kind = block[0] & 3;
        int format = (block[0] >> 2) & 3;
        return kind < 2 ? Stored(block, run: kind == 1, format, out used) : Coded(block, newTable: kind == 2, format, out used);
    }

    private Span<byte> Stored(ReadOnlySpan<byte> block, bool run, int format, out int used)
    {
        int header = format switch { 1 => 2, 3 => 3, _ => 1 };
        int size = (int)(LittleEndian(block, header) >> (header == 1 ? 3 : 4));
        int stored = run ? 1 : size;
        Check(size, stored, block.Length - header);
        used = header + stored;
        Span<byte> literals = _buffer.AsSpan(0, size);
        if (run)
        {
            literals.Fill(block[header]);
        }
        else
        {
            block.Slice(header, size).CopyTo(literals);
        }

        return literals;
    }

    private Span<byte> Coded(ReadOnlySpan<byte> block, bool newTable, int format, out int used)
    {
        (int header, int width) = format switch { 2 => (4, 14), 3 => (5, 18), _ => (3, 10) };
        ulong sizes = LittleEndian(block, header) >> 4;
        int size = (int)(sizes & ((1UL << width) - 1));
        int stored = (int)((sizes >> width) & ((1UL << width) - 1));
        Check(size, stored, block.Length - header);
        used = header + stored;

        ReadOnlySpan<byte> body = block.Slice(header, stored);
        if (newTable)
        {
            _table = HuffmanTable.Read(body, out int described);
            body = body[described..];
        }

        HuffmanTable table = _table ?? throw ZstdDecoder.Bad("literals that reuse a Huffman table before there is one");
        Span<byte> literals = _buffer.AsSpan(0, size);
        if (format == 0)
        {
            table.Decode(body, literals);
        }
        else
        {
            FourStreams(table, body, literals);
        }

        return literals;
    }

    /// <summary>Three of the four streams have their size in front; each decodes to a quarter, the last to what remains.</summary>
    private static void FourStreams(HuffmanTable table, ReadOnlySpan<byte> body, Span<byte> literals)
    {
        const int JumpTable = 6;
        int quarter = (literals.Length + 3) / 4;
        if (body.Length < JumpTable || 3 * quarter > literals.Length)
        {
            throw ZstdDecoder.Bad($"four literals streams in {body.Length} bytes for {literals.Length} literals");
        }

        int at = JumpTable;
        for (int stream = 0; stream < 4; stream++)
        {
            int left = body.Length - at;
            int size = stream < 3 ? (int)LittleEndian(body[(2 * stream)..], 2) : left;
            if (size > left)
            {
                throw ZstdDecoder.Bad($"a literals stream of {size} bytes where {left} are left");
            }

            Span<byte> part = stream < 3 ? literals.Slice(stream * quarter, quarter) : literals[(3 * quarter)..];
            table.Decode(body.Slice(at, size), part);
            at += size;
        }
    }

    private static void Check(int size, int stored, int left)
    {
        if (size > ZstdDecoder.MaxBlock || stored > left)
        {
            throw ZstdDecoder.Bad($"{size} literals in {stored} bytes where {left} are left");
        }
    }

    private static ulong LittleEndian(ReadOnlySpan<byte> source, int bytes) => ZstdDecoder.LittleEndian(source, bytes);
}
