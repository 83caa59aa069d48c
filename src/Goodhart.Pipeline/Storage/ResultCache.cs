namespace Goodhart.Pipeline;

/// <summary>Results already read from disk, least recently used out first, bounded by the size of their JSON.</summary>
internal sealed class ResultCache(long capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byHash = [];
    private readonly LinkedList<Entry> _recent = [];
    private long _bytes;

    private sealed record Entry(string Hash, object Result, long Bytes);

    public bool TryGet<T>(string hash, out T result)
    {
        lock (_gate)
        {
            if (_byHash.TryGetValue(hash, out LinkedListNode<Entry>? node) && node.Value.Result is T found)
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                result = found;
                return true;
            }
        }

        result = default!;
        return false;
    }

    public void Add(string hash, object result, long bytes)
    {
        lock (_gate)
        {
            if (!_byHash.TryAdd(hash, new(new(hash, result, bytes))))
            {
                return;
            }

            _recent.AddFirst(_byHash[hash]);
            _bytes += bytes;
            while (_bytes > capacity)
            {
                Entry oldest = _recent.Last!.Value;
                _recent.RemoveLast();
                _byHash.Remove(oldest.Hash);
                _bytes -= oldest.Bytes;
            }
        }
    }
}
