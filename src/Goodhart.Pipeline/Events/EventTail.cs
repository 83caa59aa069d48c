namespace Goodhart.Pipeline;

/// <summary>Follows a growing file of events: each call reads what was added since the last one.</summary>
/// <remarks>Opens the file for a moment and locks nobody out. Not safe for threads.</remarks>
public sealed class EventTail(string path)
{
    private readonly byte[] block = new byte[1 << 16];
    private long position;

    /// <summary>Whether the file has become shorter since it was read: it is another one, and is read from its beginning.</summary>
    public bool HasRestarted { get; private set; }

    /// <summary>The new events in their order; a last line that is still being written is left for the next call.</summary>
    public IReadOnlyList<RunEvent> Read()
    {
        HasRestarted = false;
        if (!File.Exists(path))
        {
            return [];
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length < position)
        {
            (HasRestarted, position) = (true, 0);
        }

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
