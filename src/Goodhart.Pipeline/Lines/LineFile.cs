using System.Text;

namespace Goodhart.Pipeline;

/// <summary>
/// A file of lines that is only ever appended to, by one run at a time. What a killed process tore at its end is cut off, so that it
/// always holds whole lines. Safe for threads.
/// </summary>
public sealed class LineFile : ILines, IDisposable
{
    private const byte LineFeed = (byte)'\n';

    private readonly Lock gate = new();
    private readonly FileStream stream;
    private long end;

    private LineFile(FileStream stream, int linesPerItem)
    {
        this.stream = stream;
        (Count, end) = WholeItems(stream, linesPerItem);
        stream.SetLength(end);
    }

    public int Count { get; }

    /// <param name="linesPerItem">Lines that belong together: of an item that is not whole nothing is kept.</param>
    /// <exception cref="InvalidDataException">Another run has it open.</exception>
    public static LineFile Open(string path, int linesPerItem = 1)
    {
        FileStream stream = ExclusiveFile.Open(
            path,
            busy => new InvalidDataException(
                $"{path} cannot be opened; is another run writing into the same folder? {busy.Message}", busy));
        try
        {
            return new LineFile(stream, linesPerItem);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public IEnumerable<string> Earlier()
    {
        stream.Position = 0;
        using StreamReader reader = new(
            stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16, leaveOpen: true);
        for (int i = 0; i < Count; i++)
        {
            yield return reader.ReadLine()!;
        }
    }

    /// <summary>
    /// To the system, unbuffered: safe from the death of this process. What does not fit on the disk leaves nothing behind.
    /// </summary>
    public void Append(params IReadOnlyCollection<string> lines)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        lock (gate)
        {
            try
            {
                stream.Position = end;
                stream.Write(bytes);
                end += bytes.Length;
            }
            catch (IOException)
            {
                // The run ends; what another thread still has to write must not follow half a line.
                stream.SetLength(end);
                throw;
            }
        }
    }

    public void Dispose()
    {
        if (stream.CanWrite)
        {
            stream.Flush(flushToDisk: true);
            stream.Dispose();
        }
    }

    private static (int Lines, long End) WholeItems(FileStream stream, int linesPerItem)
    {
        byte[] buffer = new byte[1 << 16];
        (long offset, long end, int lines) = (0, 0, 0);
        for (int read; (read = stream.Read(buffer)) > 0; offset += read)
        {
            for (int i = 0; i < read; i++)
            {
                if (buffer[i] == LineFeed && ++lines % linesPerItem == 0)
                {
                    end = offset + i + 1;
                }
            }
        }

        return (lines - (lines % linesPerItem), end);
    }
}
