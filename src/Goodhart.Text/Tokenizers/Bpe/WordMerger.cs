namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Byte-pair merging of one word: again and again the pair of the lowest rank, of several the leftmost.</summary>
internal sealed class WordMerger(MergeTable merges)
{
    /// <summary>Up to here looking at all pairs each time is faster than keeping a queue of them.</summary>
    private const int Short = 48;

    /// <summary>Merges in place and returns how many ids are left, at the start of the span.</summary>
    public int Merge(Span<int> ids) => ids.Length <= Short ? MergeShort(ids) : MergeLong(ids);

    private int MergeShort(Span<int> ids)
    {
        Span<(int Rank, int Merged)> pairs = stackalloc (int, int)[Short];
        for (int i = 0; i + 1 < ids.Length; i++)
        {
            pairs[i] = Pair(ids[i], ids[i + 1]);
        }

        int count = ids.Length;
        while (true)
        {
            int best = -1;
            int rank = int.MaxValue;
            for (int i = 0; i < count - 1; i++)
            {
                if (pairs[i].Rank < rank)
                {
                    (best, rank) = (i, pairs[i].Rank);
                }
            }

            if (best < 0)
            {
                return count;
            }

            ids[best] = pairs[best].Merged;
            ids[(best + 2)..count].CopyTo(ids[(best + 1)..]);
            count--;
            if (best + 1 < count)
            {
                pairs[(best + 2)..count].CopyTo(pairs[(best + 1)..]);
                pairs[best] = Pair(ids[best], ids[best + 1]);
            }

            if (best > 0)
            {
                pairs[best - 1] = Pair(ids[best - 1], ids[best]);
            }
        }
    }

    /// <summary>A queue of pairs over a linked list: n log n, so that a "word" of a hundred thousand characters is no trap.</summary>
    private int MergeLong(Span<int> ids)
    {
        int[] next = new int[ids.Length];
        int[] previous = new int[ids.Length];
        PriorityQueue<int, long> queue = new(ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1);
            Enqueue(queue, ids, i, i + 1);
        }

        while (queue.TryDequeue(out int left, out long priority))
        {
            int right = next[left];
            (int rank, int merged) = ids[left] < 0 || right == ids.Length ? (-1, -1) : Pair(ids[left], ids[right]);
            if (rank != (int)(priority >> 32))
            {
                // The pair is gone: one of its sides has merged elsewhere since.
                continue;
            }

            ids[left] = merged;
            ids[right] = -1;
            next[left] = next[right];
            if (next[right] < ids.Length)
            {
                previous[next[right]] = left;
            }

            Enqueue(queue, ids, left, next[left]);
            Enqueue(queue, ids, previous[left], left);
        }

        return Compact(ids);
    }

    private void Enqueue(PriorityQueue<int, long> queue, ReadOnlySpan<int> ids, int left, int right)
    {
        if (left >= 0 && right < ids.Length && Pair(ids[left], ids[right]) is { Rank: < int.MaxValue } pair)
        {
            queue.Enqueue(left, ((long)pair.Rank << 32) | (uint)left);
        }
    }

    private static int Compact(Span<int> ids)
    {
        int count = 0;
        foreach (int id in ids)
        {
            if (id >= 0)
            {
                ids[count++] = id;
            }
        }

        return count;
    }

    private (int Rank, int Merged) Pair(int left, int right) =>
        merges.TryFind(left, right, out int rank, out int merged) ? (rank, merged) : (int.MaxValue, -1);
}
