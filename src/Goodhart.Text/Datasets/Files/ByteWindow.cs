namespace Goodhart.Text.Datasets.Files;

/// <summary>The bytes of a stream that are read and not yet used, in one piece; grows only as far as one row needs.</summary>
internal sealed class ByteWindow(string file, Stream stream) : IDisposable
{
    /// <summary>No row of text is longer: a limit on what a hostile or broken file can claim, in bytes.</summary>
    public const int MaxRowBytes = 64 << 20;

    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;

    public ReadOnlySpan<byte> Bytes => Unused;

    /// <summary>The same, to be written over.</summary>
    public Span<byte> Unused => buffer.AsSpan(start, end - start);

    /// <summary>Where in the stream they begin.</summary>
    public long Position { get; private set; }

    /// <summary>Whether the stream has nothing after <see cref="Bytes"/>.</summary>
    public bool Ended { get; private set; }

    public void Advance(int count)
    {
        start += count;
        Position += count;
    }

    /// <summary>Reads more, if there is more.</summary>
    /// <param name="place">Where the row began, for the message when it has no end.</param>
    /// <exception cref="InvalidDataException">A row longer than <see cref="MaxRowBytes"/>.</exception>
    public void Grow(string place)
    {
        if (start > 0)
        {
            Bytes.CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
        {
            if (end >= MaxRowBytes)
            {
                throw new InvalidDataException(
                    $"{file} {place}: a row longer than {MaxRowBytes >> 20} MiB; expected one row. Is a quote or bracket left open?");
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }

        int count = stream.Read(buffer.AsSpan(end));
        end += count;
        Ended = count == 0;
    }

    public void Dispose() => stream.Dispose();
}
