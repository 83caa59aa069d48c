namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>
/// The ids of recent words: a word has one place, and the last one there stays. Bounded, and safe between threads without a lock, since an
/// entry is whole before it is seen. A lost update costs time only.
/// </summary>
internal sealed class WordCache
{
    private const int Places = 1 << 16;
    private const int LongestWord = 32;

    private readonly Entry?[] entries = new Entry?[Places];

    public static bool Takes(ReadOnlySpan<char> word) => word.Length <= LongestWord;

    public int[]? Find(ReadOnlySpan<char> word, out int hash)
    {
        hash = string.GetHashCode(word);
        Entry? entry = Volatile.Read(ref entries[hash & (Places - 1)]);
        return entry is not null && entry.Hash == hash && word.SequenceEqual(entry.Word) ? entry.Ids : null;
    }

    public void Store(ReadOnlySpan<char> word, int hash, int[] ids) =>
        Volatile.Write(ref entries[hash & (Places - 1)], new(hash, word.ToString(), ids));

    private sealed record Entry(int Hash, string Word, int[] Ids);
}
