namespace Goodhart.Text.Datasets.Files;

/// <summary>A stream to read once, whose faults name the file and the place in it.</summary>
/// <param name="least">
/// What a gzip file's last four bytes say its last member unpacks to. GZipStream ends a file that was cut off as if it were whole; the last
/// bytes of such a file are as good as random and promise more than came. Zero for a plain file.
/// </param>
internal sealed class CheckedStream(string file, Stream inner, uint least = 0) : Stream
{
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            int count = inner.Read(buffer);
            position += count;
            if (count == 0 && buffer.Length > 0 && position < least)
            {
                throw new InvalidDataException("it ends too early.");
            }

            return count;
        }
        catch (InvalidDataException damaged)
        {
            throw new InvalidDataException(
                $"{file}: the gzip data is damaged after {position} bytes of content: {damaged.Message} Copy or download the file again.",
                damaged);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
