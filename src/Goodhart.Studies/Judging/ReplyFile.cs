using System.Text;
using System.Text.Json;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Studies.Tools;

namespace Goodhart.Studies.Judging;

/// <summary>
/// Replies as JSON lines, only ever appended to: each is in the file before its verdict is used. A last line that a killed process tore is dropped.
/// One process at a time.
/// </summary>
public sealed class ReplyFile : IReplyStore, IDisposable
{
    private readonly Lock gate = new();
    private readonly FileStream stream;
    private readonly Dictionary<string, StoredReply> replies = new(StringComparer.Ordinal);

    private ReplyFile(FileStream stream) => this.stream = stream;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return replies.Count;
            }
        }
    }

    /// <summary>Requests that all replies took.</summary>
    public long Attempts
    {
        get
        {
            lock (gate)
            {
                return replies.Values.Sum(reply => (long)reply.Attempts);
            }
        }
    }

    /// <summary>What all replies cost, as their usage says.</summary>
    public double Cost(TokenPrice price)
    {
        lock (gate)
        {
            return replies.Values.Sum(reply => price.Of(reply.InputTokens ?? 0, reply.OutputTokens ?? 0));
        }
    }

    /// <exception cref="InvalidDataException">Another process has it open, or a line is no reply.</exception>
    public static ReplyFile Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException taken) when (taken is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new InvalidDataException($"{path} cannot be opened; is another run judging into the same folder? {taken.Message}", taken);
        }

        try
        {
            ReplyFile file = new(stream);
            file.Load(path);
            return file;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public StoredReply? Find(string key)
    {
        lock (gate)
        {
            return replies.GetValueOrDefault(key);
        }
    }

    public void Add(StoredReply reply)
    {
        byte[] line = Encoding.UTF8.GetBytes(JsonLines.Write(reply) + "\n");
        lock (gate)
        {
            if (replies.TryAdd(reply.Key, reply))
            {
                Append(line);
            }
        }
    }

    public void Dispose()
    {
        stream.Flush(flushToDisk: true);
        stream.Dispose();
    }

    /// <summary>To the system, unbuffered: safe from the death of this process. A line that does not fit on the disk leaves nothing behind.</summary>
    private void Append(byte[] line)
    {
        long end = stream.Position;
        try
        {
            stream.Write(line);
        }
        catch (IOException)
        {
            // The run ends; what another thread still has to write must not follow half a line.
            stream.SetLength(end);
            stream.Position = end;
            throw;
        }
    }

    private void Load(string path)
    {
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        int whole = Array.LastIndexOf(content, (byte)'\n') + 1;
        int number = 0;
        foreach (string line in Encoding.UTF8.GetString(content, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            number++;
            StoredReply reply = Parse(line) ?? throw new InvalidDataException(
                FormattableString.Invariant($"{path} line {number}: expected a stored reply of a judge; remove the line, and the reply is asked for again."));
            replies.TryAdd(reply.Key, reply);
        }

        stream.SetLength(whole);
        stream.Position = whole;
    }

    private static StoredReply? Parse(string line)
    {
        try
        {
            return JsonLines.Read<StoredReply>(line) is { Key.Length: > 0, Reply: not null } reply ? reply : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
