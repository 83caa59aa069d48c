namespace Goodhart.Worlds;

/// <summary>A sentence with open slots, both written and recognised: "my R is N ." has a relation and an age to fill in.</summary>
internal sealed class Phrase
{
    /// <summary>A token id, or −1 − slot.</summary>
    private readonly int[] pattern;

    private Phrase(int[] pattern) => this.pattern = pattern;

    /// <summary>Words of the vocabulary and slot letters, with single spaces.</summary>
    public static Phrase Of(string text) => new([.. text.Split(' ').Select(Entry)]);

    /// <summary>Appends the sentence, a slot's word taken from <paramref name="words"/> by slot.</summary>
    public void AppendTo(List<int> tokens, ReadOnlySpan<int> words)
    {
        foreach (int entry in pattern)
        {
            tokens.Add(entry >= 0 ? entry : words[-1 - entry]);
        }
    }

    /// <summary>Whether the tokens are exactly this sentence with some word of the right class in each slot.</summary>
    public bool Matches(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length != pattern.Length)
        {
            return false;
        }

        for (int i = 0; i < tokens.Length; i++)
        {
            if (pattern[i] >= 0 ? tokens[i] != pattern[i] : TldrWorld.SlotOf(tokens[i]) != (Slot)(-1 - pattern[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static int Entry(string word)
    {
        foreach (Slot slot in Enum.GetValues<Slot>())
        {
            if (word.Length == 1 && word[0] == TldrWorld.Letter(slot))
            {
                return -1 - (int)slot;
            }
        }

        return TldrWorld.Tokenizer.Encode(word).Single();
    }
}
