using System.Numerics;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Which pairs of tokens merge, how early, and into what: an open-addressed hash of (left id, right id).</summary>
internal sealed class MergeTable
{
    private const ulong Free = ulong.MaxValue;

    private readonly ulong[] keys;
    private readonly (int Rank, int Merged)[] values;
    private readonly int mask;

    /// <param name="merges">Left, right and merged id; a merge's place is its rank, and of equal pairs the last counts.</param>
    public MergeTable(IReadOnlyList<(int Left, int Right, int Merged)> merges)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, merges.Count * 2));
        keys = new ulong[size];
        values = new (int, int)[size];
        mask = size - 1;
        Array.Fill(keys, Free);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            ulong key = Key(merges[rank].Left, merges[rank].Right);
            int slot = Slot(key);
            keys[slot] = key;
            values[slot] = (rank, merges[rank].Merged);
        }
    }

    public bool TryFind(int left, int right, out int rank, out int merged)
    {
        ulong key = Key(left, right);
        int slot = Slot(key);
        (rank, merged) = values[slot];
        return keys[slot] == key;
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    /// <summary>Where a key is, or the free place where it would go.</summary>
    private int Slot(ulong key)
    {
        ulong mixed = (key ^ (key >> 29)) * 0x9E3779B97F4A7C15;
        int slot = (int)(mixed >> 32) & mask;
        while (keys[slot] != key && keys[slot] != Free)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }
}
