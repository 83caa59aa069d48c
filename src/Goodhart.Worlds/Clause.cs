namespace Goodhart.Worlds;

/// <summary>The sentences that a summary may consist of.</summary>
public enum ClauseKind
{
    /// <summary>my R V my O .</summary>
    Main,

    /// <summary>my R is N .</summary>
    Age,

    /// <summary>it was at P .</summary>
    Place,

    /// <summary>it was on T .</summary>
    Day,

    /// <summary>i feel F .</summary>
    Feeling,

    /// <summary>should i A ?</summary>
    Action,

    /// <summary>i like X .</summary>
    Like,
}

/// <summary>The form of the summary's sentences, for the writer and for the gold reward.</summary>
internal static class Clause
{
    private static readonly Phrase[] Phrases =
    [
        Phrase.Of("my R V my O ."),
        Phrase.Of("my R is N ."),
        Phrase.Of("it was at P ."),
        Phrase.Of("it was on T ."),
        Phrase.Of("i feel F ."),
        Phrase.Of("should i A ?"),
        Phrase.Of("i like X ."),
    ];

    private static readonly int Stop = TldrWorld.Tokenizer.Encode(".").Single();
    private static readonly int Question = TldrWorld.Tokenizer.Encode("?").Single();

    public static Phrase PhraseOf(ClauseKind kind) => Phrases[(int)kind];

    /// <summary>The one slot that an optional clause tells about.</summary>
    public static Slot SlotOf(ClauseKind kind) => kind switch
    {
        ClauseKind.Age => Slot.Age,
        ClauseKind.Place => Slot.Place,
        ClauseKind.Day => Slot.Day,
        ClauseKind.Feeling => Slot.Feeling,
        ClauseKind.Action => Slot.Action,
        ClauseKind.Like => Slot.Like,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "expected an optional clause"),
    };

    /// <summary>The clause that the tokens are exactly; null if malformed.</summary>
    public static ClauseKind? Recognise(ReadOnlySpan<int> tokens)
    {
        for (int kind = 0; kind < Phrases.Length; kind++)
        {
            if (Phrases[kind].Matches(tokens))
            {
                return (ClauseKind)kind;
            }
        }

        return null;
    }

    /// <summary>Length of the first clause: up to and with the first full stop or question mark, or all of an unfinished rest.</summary>
    public static int FirstLength(ReadOnlySpan<int> tokens)
    {
        int end = tokens.IndexOfAny(Stop, Question);
        return end < 0 ? tokens.Length : end + 1;
    }
}
