using Goodhart.Engine.Randomness;

namespace Goodhart.Worlds;

/// <summary>Writes noisy summaries of posts.</summary>
public static class SummaryWriter
{
    private const double MainFirstProbability = 0.9;
    private const double ConfusedProbability = 0.6;

    /// <summary>The next summary of a stream: token ids, EOS last.</summary>
    public static int[] Write(Post post, WritingHabits habits, RandomStream random)
    {
        List<ClauseKind> kinds = Plan(post, habits, random);
        List<int> summary = new(32);
        List<int> clause = new(8);
        Span<int> words = stackalloc int[TldrWorld.FactSlots + 1];
        words[(int)Slot.Relation] = Word(post, Slot.Relation, habits, random);
        foreach (ClauseKind kind in kinds)
        {
            if (kind == ClauseKind.Main)
            {
                words[(int)Slot.Verb] = Word(post, Slot.Verb, habits, random);
                words[(int)Slot.Object] = Word(post, Slot.Object, habits, random);
            }
            else
            {
                Slot slot = Clause.SlotOf(kind);
                words[(int)slot] = Word(post, slot, habits, random);
            }

            clause.Clear();
            Clause.PhraseOf(kind).AppendTo(clause, words);
            if (random.NextDouble() < habits.Malformed)
            {
                Break(clause, random);
            }

            summary.AddRange(clause);
        }

        summary.Add(TldrWorld.Eos);
        return [.. summary];
    }

    /// <summary>Which clauses, in which order.</summary>
    private static List<ClauseKind> Plan(Post post, WritingHabits habits, RandomStream random)
    {
        List<ClauseKind> chosen = ChooseOptional(post, habits, random);
        List<ClauseKind> kinds = new(chosen.Count + 2);
        foreach (int place in random.Permutation(chosen.Count))
        {
            kinds.Add(chosen[place]);
        }

        PlaceMain(kinds, random);
        if (random.NextDouble() < habits.Repeat * kinds.Count)
        {
            kinds.Add(kinds[random.NextInt(kinds.Count)]);
        }

        return kinds;
    }

    private static List<ClauseKind> ChooseOptional(Post post, WritingHabits habits, RandomStream random)
    {
        List<ClauseKind> chosen = new(8);
        for (ClauseKind kind = ClauseKind.Age; kind <= ClauseKind.Action; kind++)
        {
            bool told = post.Fact(Clause.SlotOf(kind)) is not null;
            if (random.NextDouble() < (told ? habits.Include : habits.Absent))
            {
                chosen.Add(kind);
            }
        }

        if (random.NextDouble() < (post.Like is null ? habits.Absent * 0.5 : habits.Detail))
        {
            chosen.Add(ClauseKind.Like);
        }

        return chosen;
    }

    /// <summary>The main clause comes first, or else somewhere later or not at all, unless it is the only one.</summary>
    private static void PlaceMain(List<ClauseKind> kinds, RandomStream random)
    {
        if (random.NextDouble() < MainFirstProbability)
        {
            kinds.Insert(0, ClauseKind.Main);
            return;
        }

        bool late = random.NextDouble() < 0.5;
        if (kinds.Count == 0)
        {
            kinds.Add(ClauseKind.Main);
        }
        else if (late)
        {
            kinds.Insert(1 + random.NextInt(kinds.Count), ClauseKind.Main);
        }
    }

    /// <summary>The word for a slot: the true one, or one that the post mentions elsewhere, or any.</summary>
    private static int Word(Post post, Slot slot, WritingHabits habits, RandomStream random)
    {
        int? told = slot == Slot.Like ? post.Like : post.Fact(slot);
        if (told is int word && random.NextDouble() >= habits.Error)
        {
            return word;
        }

        ReadOnlySpan<int> others = post.Distractors(slot);
        return !others.IsEmpty && random.NextDouble() < ConfusedProbability
            ? others[random.NextInt(others.Length)]
            : PostGenerator.Draw(slot, random);
    }

    /// <summary>Drops a word, or says one twice at a wrong place.</summary>
    private static void Break(List<int> clause, RandomStream random)
    {
        if (random.NextDouble() < 0.5)
        {
            clause.RemoveAt(random.NextInt(clause.Count));
        }
        else
        {
            int place = random.NextInt(clause.Count);
            clause.Insert(place, clause[random.NextInt(clause.Count)]);
        }
    }
}
