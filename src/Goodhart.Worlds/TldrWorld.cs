using Goodhart.Text.Tokenizers;

namespace Goodhart.Worlds;

/// <summary>
/// The vocabulary of the synthetic "Reddit TL;DR": 190 words in disjoint classes, so that a token alone says which slot it can fill.
/// </summary>
public static class TldrWorld
{
    public const int Pad = 0;
    public const int Eos = 1;

    /// <summary>Of the models that are trained in the world.</summary>
    public const int MaxPositions = 256;

    /// <summary>
    /// Tokens that no row exceeds: a prompt has 69 at most, a summary with all its clauses, a repetition and malformed ones below 59.
    /// </summary>
    public const int LongestRow = 128;

    /// <summary>The facts of a post: all slots but <see cref="Slot.Like"/>.</summary>
    public const int FactSlots = 8;

    private const string Functions =
        "<pad> <eos> SUBREDDIT: TITLE: POST: TL;DR: . ? my is it was at on i feel should like help with so just happened now am do you " +
        "think we met also talked feels said to once a today what about years old";

    private const string SubredditWords = "r/family r/work r/relationships r/advice r/school r/money r/tifu r/legal";

    /// <summary>The slots' words, in the order of their ids; ages are put in where their ids are.</summary>
    private static readonly (Slot Slot, string Words)[] SlotWords =
    [
        (Slot.Relation, "sister brother mother father cousin aunt uncle boss roommate friend neighbor wife husband " +
            "teacher landlord coworker"),
        (Slot.Verb, "stole broke sold lost hid borrowed ruined burned scratched cleaned painted dropped bought returned found copied"),
        (Slot.Object, "car phone laptop bike guitar watch ring jacket camera wallet book ticket sofa lamp piano " +
            "television keys boat tent dress"),
        (Slot.Place, "home school church work hotel airport beach store park gym hospital library"),
        (Slot.Day, "monday tuesday wednesday thursday friday saturday sunday christmas easter halloween"),
        (Slot.Feeling, "angry sad scared confused guilty happy jealous nervous tired lonely proud ashamed"),
        (Slot.Action, "leave apologize forgive sue wait move call pay lie quit confess report"),
        (Slot.Age, "18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47"),
        (Slot.Like, "pizza coffee music movies cats dogs soccer chess hiking cooking games tea"),
    ];

    private static readonly string[] Words =
        [.. Functions.Split(' '), .. SubredditWords.Split(' '), .. SlotWords.SelectMany(entry => entry.Words.Split(' '))];

    private static readonly Slot?[] SlotOfToken = new Slot?[Words.Length];
    private static readonly (int First, int Count)[] SlotRange = new (int, int)[SlotWords.Length];

    static TldrWorld()
    {
        Subreddits = (Functions.Split(' ').Length, SubredditWords.Split(' ').Length);
        int first = Subreddits.First + Subreddits.Count;
        foreach ((Slot slot, string words) in SlotWords)
        {
            int count = words.Split(' ').Length;
            SlotRange[(int)slot] = (first, count);
            SlotOfToken.AsSpan(first, count).Fill(slot);
            first += count;
        }

        Tokenizer = new(Words, "<eos>", "<pad>");
    }

    /// <summary>The words by id.</summary>
    public static IReadOnlyList<string> Vocabulary => Words;

    public static WordLevelTokenizer Tokenizer { get; }

    internal static (int First, int Count) Subreddits { get; }

    /// <summary>The slot that a token can fill; null for a function word, a subreddit, and any id outside the vocabulary.</summary>
    public static Slot? SlotOf(int token) => (uint)token < (uint)SlotOfToken.Length ? SlotOfToken[token] : null;

    /// <summary>The ids of a slot's words: Count of them from First.</summary>
    public static (int First, int Count) WordsOf(Slot slot) => SlotRange[(int)slot];

    /// <summary>The letter that reports use for a slot: R V O N P T F A X.</summary>
    public static char Letter(Slot slot) => "RVONPTFAX"[(int)slot];
}
