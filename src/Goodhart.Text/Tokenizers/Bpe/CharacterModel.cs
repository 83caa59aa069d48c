using System.Globalization;
using System.Text;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>The ids of one word in SentencePiece's manner: its characters, merged; a character without a token becomes its bytes.</summary>
internal sealed class CharacterModel : IWordModel
{
    /// <summary>Stands for a space.</summary>
    private const char Mark = '\u2581';

    private const int OnStack = 256;

    private readonly Dictionary<string, int> vocabulary;
    private readonly CharacterModelOptions options;
    private readonly WordMerger merger;
    private readonly WordCache cache = new();
    private readonly int[] basic = new int[0x10000];
    private readonly int[]? byteIds;
    private readonly bool cuts;
    private readonly HashSet<char> joining = [];

    public CharacterModel(
        Dictionary<string, int> vocabulary, IReadOnlyList<(int Left, int Right, int Merged)> merges, CharacterModelOptions options)
    {
        (this.vocabulary, this.options, merger) = (vocabulary, options, new(new(merges)));
        for (int unit = 0; unit < basic.Length; unit++)
        {
            basic[unit] = char.IsSurrogate((char)unit) ? -1 : vocabulary.GetValueOrDefault(((char)unit).ToString(), -1);
        }

        byteIds = options.FallsBackToBytes
            ? [.. Enumerable.Range(0, 256).Select(value => vocabulary.GetValueOrDefault(ByteToken(value), -1))] : null;
        HashSet<int> bytes = [.. byteIds ?? []];
        cuts = !options.IgnoresMerges && !merges.Any(merge => bytes.Contains(merge.Left) || bytes.Contains(merge.Right));
        foreach (string token in vocabulary.Keys)
        {
            for (int i = token.IndexOf(Mark, StringComparison.Ordinal); i >= 0; i = token.IndexOf(Mark, i + 1))
            {
                _ = i > 0 && joining.Add(token[i - 1]);
            }
        }
    }

    public static string ByteToken(int value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    /// <summary>
    /// A tokenizer without a pre-tokenizer gives whole texts, of which most are cut here all the same: no token has a mark behind the
    /// character before it, so no merge could cross that place, and words can be remembered.
    /// </summary>
    public void Encode(ReadOnlySpan<char> word, List<int> output)
    {
        for (int start = 0; start < word.Length;)
        {
            int end = cuts ? EndOfPart(word, start) : word.Length;
            EncodePart(word[start..end], output);
            start = end;
        }
    }

    private int EndOfPart(ReadOnlySpan<char> word, int start)
    {
        for (int at = start + 1; at < word.Length; at++)
        {
            int skipped = word[at..].IndexOf(Mark);
            if (skipped < 0)
            {
                break;
            }

            at += skipped;
            if (!joining.Contains(word[at - 1]))
            {
                return at;
            }
        }

        return word.Length;
    }

    private void EncodePart(ReadOnlySpan<char> part, List<int> output)
    {
        if (!WordCache.Takes(part))
        {
            output.AddRange(Merged(part));
            return;
        }

        int[]? ids = cache.Find(part, out int hash);
        if (ids is null)
        {
            ids = Merged(part);
            cache.Store(part, hash, ids);
        }

        foreach (int id in ids)
        {
            output.Add(id);
        }
    }

    private int[] Merged(ReadOnlySpan<char> part)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        if (options.IgnoresMerges && lookup.TryGetValue(part, out int whole))
        {
            return [whole];
        }

        // Four bytes at most for the two units of a character beyond U+FFFF, three for one unit.
        Span<int> ids = part.Length * 3 <= OnStack ? stackalloc int[OnStack] : new int[part.Length * 3];
        int count = 0;
        bool isUnknown = false;
        for (int i = 0; i < part.Length;)
        {
            int width = char.IsHighSurrogate(part[i]) ? 2 : 1;
            int id = width == 1 ? basic[part[i]] : lookup.TryGetValue(part.Slice(i, 2), out int found) ? found : -1;
            int taken = id >= 0 ? 0 : Bytes(part.Slice(i, width), ids[count..]);
            if (id < 0 && taken > 0)
            {
                // As in the original, bytes overtake an unknown character that is still to be written.
                count += taken;
            }
            else
            {
                if (isUnknown && (id >= 0 || !options.FusesUnknown))
                {
                    ids[count++] = options.Unknown!.Value;
                }

                isUnknown = id < 0;
                if (id >= 0)
                {
                    ids[count++] = id;
                }
                else if (options.Unknown is null)
                {
                    throw new TokenizerException(
                        $"'{part.Slice(i, width)}' has no token, and the tokenizer names none for unknown characters.");
                }
            }

            i += width;
        }

        if (isUnknown)
        {
            ids[count++] = options.Unknown!.Value;
        }

        return ids[..merger.Merge(ids[..count])].ToArray();
    }

    /// <summary>Writes a character's byte tokens and returns how many; 0 where one of them is missing.</summary>
    private int Bytes(ReadOnlySpan<char> character, Span<int> ids)
    {
        if (byteIds is null)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[4];
        int count = Encoding.UTF8.GetBytes(character, bytes);
        for (int i = 0; i < count; i++)
        {
            ids[i] = byteIds[bytes[i]];
            if (ids[i] < 0)
            {
                return 0;
            }
        }

        return count;
    }
}

/// <param name="Unknown">The id of characters that have no token; null where the tokenizer names none.</param>
/// <param name="FusesUnknown">Several of them in a row are one.</param>
/// <param name="IgnoresMerges">A word that is itself a token is taken as such.</param>
internal sealed record CharacterModelOptions(int? Unknown, bool FusesUnknown, bool FallsBackToBytes, bool IgnoresMerges);
