using System.Text;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>The ids of one word: its bytes, merged.</summary>
internal sealed class ByteLevelModel : IWordModel
{
    private const int OnStack = 256;

    private readonly Dictionary<string, int> vocabulary;
    private readonly bool ignoresMerges;
    private readonly WordMerger merger;
    private readonly int[] byteIds = new int[256];
    private readonly WordCache cache = new();

    /// <param name="vocabulary">Tokens in GPT-2's alphabet; must hold each byte that occurs in UTF-8.</param>
    /// <param name="ignoresMerges">A word that is itself a token is taken as such, whatever the merges make of it (Llama 3).</param>
    public ByteLevelModel(Dictionary<string, int> vocabulary, MergeTable merges, bool ignoresMerges)
    {
        this.vocabulary = vocabulary;
        this.ignoresMerges = ignoresMerges;
        merger = new(merges);
        for (int value = 0; value < byteIds.Length; value++)
        {
            string spelled = ByteAlphabet.CharacterOf((byte)value).ToString();
            if (!vocabulary.TryGetValue(spelled, out byteIds[value]) && ByteAlphabet.OccursInUtf8((byte)value))
            {
                throw new TokenizerException(FormattableString.Invariant(
                    $"model.vocab: byte 0x{value:X2} ('{spelled}') has no token, so text that holds it would be lost. ") +
                    "Train the tokenizer with the byte-level alphabet as its initial alphabet.");
            }
        }
    }

    /// <summary>Appends the ids of a word of well-formed text.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> output)
    {
        if (!WordCache.Takes(word))
        {
            output.AddRange(Merged(word));
            return;
        }

        int[]? ids = cache.Find(word, out int hash);
        if (ids is null)
        {
            ids = Merged(word);
            cache.Store(word, hash, ids);
        }

        // Most words are one or two tokens.
        foreach (int id in ids)
        {
            output.Add(id);
        }
    }

    private int[] Merged(ReadOnlySpan<char> word)
    {
        int count = Encoding.UTF8.GetByteCount(word);
        Span<byte> bytes = count <= OnStack ? stackalloc byte[OnStack] : new byte[count];
        bytes = bytes[..Encoding.UTF8.GetBytes(word, bytes)];
        if (ignoresMerges && WholeWord(bytes) is int whole)
        {
            return [whole];
        }

        Span<int> ids = count <= OnStack ? stackalloc int[OnStack] : new int[count];
        ids = ids[..count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = byteIds[bytes[i]];
        }

        return ids[..merger.Merge(ids)].ToArray();
    }

    private int? WholeWord(ReadOnlySpan<byte> bytes)
    {
        Span<char> spelled = bytes.Length <= OnStack ? stackalloc char[OnStack] : new char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            spelled[i] = ByteAlphabet.CharacterOf(bytes[i]);
        }

        return vocabulary.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(spelled[..bytes.Length], out int id) ? id : null;
    }
}
