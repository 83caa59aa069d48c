namespace Goodhart.Pipeline;

/// <summary>Results already read from disk, least recently used out first, bounded by the size of their JSON.</summary>
internal sealed class ResultCache(long capacity)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> byHash = [];
    private readonly LinkedList<Entry> recent = [];
    private long total;

    private sealed record Entry(string Hash, object Result, long Bytes);

    public bool TryGet<T>(string hash, out T result)
    {
        lock (gate)
        {
            if (byHash.TryGetValue(hash, out LinkedListNode<Entry>? node) && node.Value.Result is T found)
            {
                recent.Remove(node);
                recent.AddFirst(node);
                result = found;
                return true;
            }
        }

        result = default!;
        return false;
    }

    public void Add(string hash, object result, long bytes)
    {
        lock (gate)
        {
            if (!byHash.TryAdd(hash, new(new(hash, result, bytes))))
            {
                return;
            }

            recent.AddFirst(byHash[hash]);
            total += bytes;
            while (total > capacity)
            {
                Entry oldest = recent.Last!.Value;
                recent.RemoveLast();
                byHash.Remove(oldest.Hash);
                total -= oldest.Bytes;
            }
        }
    }
}
