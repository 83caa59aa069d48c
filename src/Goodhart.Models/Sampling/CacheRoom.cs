namespace Goodhart.Models.Sampling;

/// <summary>Which rows of a cache are free: ranges are handed out from the front and may be given back in any order.</summary>
internal sealed class CacheRoom(int rows)
{
    /// <summary>Free ranges in ascending order, none beside another.</summary>
    private readonly List<(int Start, int Count)> free = [(0, rows)];

    /// <summary>The first place where so many rows are free together; −1: nowhere.</summary>
    public int Take(int count)
    {
        int i = free.FindIndex(range => range.Count >= count);
        if (i < 0)
        {
            return -1;
        }

        (int start, int room) = free[i];
        free[i] = (start + count, room - count);
        if (room == count)
        {
            free.RemoveAt(i);
        }

        return start;
    }

    /// <param name="start">As it was handed out.</param>
    public void GiveBack(int start, int count)
    {
        int i = free.FindIndex(range => range.Start > start);
        i = i < 0 ? free.Count : i;
        if (i < free.Count && start + count == free[i].Start)
        {
            count += free[i].Count;
            free.RemoveAt(i);
        }

        if (i > 0 && free[i - 1].Start + free[i - 1].Count == start)
        {
            free[i - 1] = (free[i - 1].Start, free[i - 1].Count + count);
        }
        else
        {
            free.Insert(i, (start, count));
        }
    }
}
