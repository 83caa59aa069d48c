using System.Text;

namespace Goodhart.Pipeline;

/// <summary>What is appended to an event file from now on.</summary>
/// <remarks>For one reader; the file may come later, and another process writes it.</remarks>
internal sealed class EventTail
{
    private readonly string path;
    private readonly List<byte> torn = [];
    private long position;

    public EventTail(string path)
    {
        this.path = path;
        FileInfo file = new(path);
        position = file.Exists ? file.Length : 0;
    }

    /// <summary>The events of whole lines since the last call.</summary>
    public IReadOnlyList<RunEvent> Read()
    {
        FileInfo found = new(path);
        if (!found.Exists || found.Length <= position)
        {
            return [];
        }

        byte[] bytes;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Position = position;
            bytes = new byte[file.Length - position];
            file.ReadExactly(bytes);
        }
        catch (IOException)
        {
            return [];   // of progress only: the next call tries again
        }

        position += bytes.Length;
        torn.AddRange(bytes);
        int end = torn.LastIndexOf((byte)'\n') + 1;
        string text = Encoding.UTF8.GetString([.. torn.Take(end)]);
        torn.RemoveRange(0, end);
        return [.. text.Split('\n').Select(EventLog.Parse).OfType<RunEvent>()];
    }
}
