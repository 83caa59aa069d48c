namespace Goodhart.Pipeline;

/// <summary>Follows a growing file of events: each call reads what was added since the last one.</summary>
/// <remarks>Opens the file for a moment and locks nobody out. The file may come later, and another process writes it. Not safe for
/// threads.</remarks>
public sealed class EventTail(string path)
{
    private readonly byte[] block = new byte[1 << 16];
    private long position;

    /// <summary>Passes over what the file holds already.</summary>
    public static EventTail FromNow(string path)
    {
        FileInfo file = new(path);
        return new EventTail(path) { position = file.Exists ? file.Length : 0 };
    }

    /// <summary>The new events in their order; a last line that is still being written is left for the next call.</summary>
    public IReadOnlyList<RunEvent> Read()
    {
        FileInfo found = new(path);
        if (!found.Exists || found.Length == position)
        {
            return [];
        }

        try
        {
            return ReadOn();
        }
        catch (IOException)
        {
            return [];   // the next call tries again
        }
    }

    private List<RunEvent> ReadOn()
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        position = file.Length < position ? 0 : position;   // a shorter file is another one
        file.Position = position;
        List<RunEvent> events = [];
        using MemoryStream line = new();
        while (file.Read(block) is int read and > 0)
        {
            ReadOnlySpan<byte> rest = block.AsSpan(0, read);
            while (rest.IndexOf((byte)'\n') is int end and >= 0)
            {
                line.Write(rest[..end]);
                position += line.Length + 1;
                if (EventLog.TryParse(line.GetBuffer().AsSpan(0, (int)line.Length)) is { } entry)
                {
                    events.Add(entry);
                }

                line.SetLength(0);
                rest = rest[(end + 1)..];
            }

            line.Write(rest);
        }

        return events;
    }
}
