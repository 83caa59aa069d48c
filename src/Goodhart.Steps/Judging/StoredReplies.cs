using System.Text.Json;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Pipeline;
using Goodhart.Steps.Lines;

namespace Goodhart.Steps.Judging;

/// <summary>Replies as JSON lines: each is in the file before its verdict is used, so that none is paid twice. One run at a time.</summary>
public sealed class StoredReplies : IReplyStore, IDisposable
{
    private readonly Lock gate = new();
    private readonly LineFile lines;
    private readonly Dictionary<string, StoredReply> replies = new(StringComparer.Ordinal);

    private StoredReplies(string path, LineFile lines)
    {
        this.lines = lines;
        foreach ((int i, string line) in lines.Earlier().Index().Where(line => line.Item.Length > 0))
        {
            StoredReply reply = Parse(line) ?? throw new InvalidDataException(
                FormattableString.Invariant(
                    $"{path} line {i + 1}: expected a stored reply of a judge; remove the line, and it is asked for again."));
            replies.TryAdd(reply.Key, reply);
        }
    }

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

    public (long Calls, double Cost) Spent(TokenPrice? price)
    {
        lock (gate)
        {
            IEnumerable<StoredReply> all = replies.Values;
            return (all.Sum(reply => (long)reply.Attempts), price is { } known ? all.Sum(reply => reply.Cost(known)) : 0);
        }
    }

    /// <exception cref="InvalidDataException">Another run has it open, or a line is no reply.</exception>
    public static StoredReplies Open(string path)
    {
        LineFile lines = LineFile.Open(path);
        try
        {
            return new StoredReplies(path, lines);
        }
        catch
        {
            lines.Dispose();
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
        lock (gate)
        {
            if (replies.TryAdd(reply.Key, reply))
            {
                lines.Append(JsonLines.Write(reply));
            }
        }
    }

    public void Dispose() => lines.Dispose();

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
