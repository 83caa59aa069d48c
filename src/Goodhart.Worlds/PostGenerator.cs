using Goodhart.Engine.Randomness;

namespace Goodhart.Worlds;

/// <summary>Draws posts: three facts always, five more with probability 0.8 each, three distractors, perhaps a like; shuffled.</summary>
public static class PostGenerator
{
    private const double FactProbability = 0.8;
    private const double LikeProbability = 0.6;
    private const double ActionTitleProbability = 0.3;
    private const int DistractorCount = 3;

    private static readonly Phrase[][] MainSentences =
    [
        [Phrase.Of("my R V my O ."), Phrase.Of("my R just V my O .")],
        [Phrase.Of("so my R V my O ."), Phrase.Of("so my R just V my O .")],
    ];

    /// <summary>Two ways to tell each optional fact, from <see cref="Slot.Age"/> on.</summary>
    private static readonly Phrase[][] FactSentences =
    [
        [Phrase.Of("my R is N years old ."), Phrase.Of("my R is N .")],
        [Phrase.Of("it happened at P ."), Phrase.Of("it was at P .")],
        [Phrase.Of("it happened on T ."), Phrase.Of("it was on T .")],
        [Phrase.Of("i feel F ."), Phrase.Of("now i am F .")],
        [Phrase.Of("should i A ?"), Phrase.Of("do you think i should A ?")],
    ];

    private static readonly (Phrase Sentence, Slot[] Slots)[] DistractorSentences =
    [
        (Phrase.Of("my R once V a O ."), [Slot.Verb, Slot.Object, Slot.Relation]),
        (Phrase.Of("my R is N ."), [Slot.Age, Slot.Relation]),
        (Phrase.Of("we met at P ."), [Slot.Place]),
        (Phrase.Of("we also talked on T ."), [Slot.Day]),
        (Phrase.Of("my R feels F ."), [Slot.Feeling, Slot.Relation]),
        (Phrase.Of("my R said to A ."), [Slot.Action, Slot.Relation]),
    ];

    private static readonly Phrase LikeSentence = Phrase.Of("i like X .");
    private static readonly Phrase[] Titles = [Phrase.Of("help with my R"), Phrase.Of("what about my R")];
    private static readonly Phrase ActionTitle = Phrase.Of("should i A ?");
    private static readonly int[] BeforeSubreddit = TldrWorld.Tokenizer.Encode("SUBREDDIT:");
    private static readonly int[] BeforeTitle = TldrWorld.Tokenizer.Encode("TITLE:");
    private static readonly int[] BeforeBody = TldrWorld.Tokenizer.Encode("POST:");
    private static readonly int[] AfterBody = TldrWorld.Tokenizer.Encode("TL;DR:");

    /// <summary>The next post of a stream.</summary>
    public static Post Generate(RandomStream random)
    {
        int[] facts = DrawFacts(random);
        List<int[]> sentences = KeySentences(facts, random);
        List<int>[] distractors = AddDistractors(facts, sentences, random);
        int? like = random.NextDouble() < LikeProbability ? Draw(Slot.Like, random) : null;
        if (like is int liked)
        {
            sentences.Add(Fill(LikeSentence, [-1, -1, -1, -1, -1, -1, -1, -1, liked]));
        }

        int[] prompt = Assemble(facts, sentences, random);
        return new(facts, [.. distractors.Select(words => words.ToArray())], like, prompt);
    }

    /// <summary>A word of the slot, uniformly.</summary>
    internal static int Draw(Slot slot, RandomStream random)
    {
        (int first, int count) = TldrWorld.WordsOf(slot);
        return first + random.NextInt(count);
    }

    private static int[] DrawFacts(RandomStream random)
    {
        int[] facts = new int[TldrWorld.FactSlots];
        for (Slot slot = Slot.Relation; slot <= Slot.Action; slot++)
        {
            bool told = slot < Slot.Age || random.NextDouble() < FactProbability;
            facts[(int)slot] = told ? Draw(slot, random) : -1;
        }

        return facts;
    }

    private static List<int[]> KeySentences(int[] facts, RandomStream random)
    {
        List<int[]> sentences = [Fill(MainSentences[random.NextInt(2)][random.NextInt(2)], facts)];
        for (Slot slot = Slot.Age; slot <= Slot.Action; slot++)
        {
            if (facts[(int)slot] >= 0)
            {
                sentences.Add(Fill(FactSentences[slot - Slot.Age][random.NextInt(2)], facts));
            }
        }

        return sentences;
    }

    private static List<int>[] AddDistractors(int[] facts, List<int[]> sentences, RandomStream random)
    {
        List<int>[] mentioned = [.. facts.Select(_ => new List<int>(2))];
        int[] words = new int[facts.Length];
        foreach (int kind in random.Permutation(DistractorSentences.Length).AsSpan(0, DistractorCount))
        {
            (Phrase sentence, Slot[] slots) = DistractorSentences[kind];

            // The other person is drawn even where the sentence has none: each distractor starts with the same draw.
            words[(int)Slot.Relation] = DrawOther(Slot.Relation, facts, random);
            foreach (Slot slot in slots)
            {
                if (slot != Slot.Relation)
                {
                    words[(int)slot] = DrawOther(slot, facts, random);
                }

                mentioned[(int)slot].Add(words[(int)slot]);
            }

            sentences.Add(Fill(sentence, words));
        }

        return mentioned;
    }

    private static int DrawOther(Slot slot, int[] facts, RandomStream random)
    {
        while (true)
        {
            int word = Draw(slot, random);
            if (word != facts[(int)slot])
            {
                return word;
            }
        }
    }

    private static int[] Assemble(int[] facts, List<int[]> sentences, RandomStream random)
    {
        int[] order = random.Permutation(sentences.Count);
        Phrase title = Titles[random.NextInt(2)];
        if (facts[(int)Slot.Action] >= 0 && random.NextDouble() < ActionTitleProbability)
        {
            title = ActionTitle;
        }

        List<int> prompt = new(80);
        prompt.AddRange(BeforeSubreddit);
        prompt.Add(TldrWorld.Subreddits.First + random.NextInt(TldrWorld.Subreddits.Count));
        prompt.AddRange(BeforeTitle);
        title.AppendTo(prompt, facts);
        prompt.AddRange(BeforeBody);
        foreach (int sentence in order)
        {
            prompt.AddRange(sentences[sentence]);
        }

        prompt.AddRange(AfterBody);
        return [.. prompt];
    }

    private static int[] Fill(Phrase phrase, ReadOnlySpan<int> words)
    {
        List<int> tokens = new(8);
        phrase.AppendTo(tokens, words);
        return [.. tokens];
    }
}
