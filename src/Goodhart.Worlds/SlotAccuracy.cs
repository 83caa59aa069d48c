namespace Goodhart.Worlds;

/// <summary>
/// How often responses name a fact rightly when they name it. A model learns the slots one by one and suddenly; which one is missing
/// dominates its win rate.
/// </summary>
/// <param name="Named">Responses that tell the slot in a well-formed clause; of several, the first counts, as for the gold reward.</param>
/// <param name="Right">Those whose word is the post's. Naming what the post does not tell is wrong.</param>
public sealed record SlotAccuracy(Slot Slot, int Named, int Right)
{
    public char Letter => TldrWorld.Letter(Slot);

    /// <summary>Right over named; null where no response names the slot.</summary>
    public double? Share => Named == 0 ? null : (double)Right / Named;

    /// <summary>One entry per fact slot, R V O N P T F A. The relation is that of the main clause.</summary>
    /// <param name="posts">One post per response.</param>
    public static IReadOnlyList<SlotAccuracy> Of(IReadOnlyList<Post> posts, IReadOnlyList<int[]> responses)
    {
        if (posts.Count != responses.Count)
        {
            throw new ArgumentException(
                $"slot accuracy: expected one response per post, got {posts.Count} posts and {responses.Count} responses.");
        }

        int[] named = new int[TldrWorld.FactSlots];
        int[] right = new int[TldrWorld.FactSlots];
        for (int i = 0; i < posts.Count; i++)
        {
            Count(posts[i], responses[i], named, right);
        }

        return [.. Enumerable.Range(0, TldrWorld.FactSlots).Select(slot => new SlotAccuracy((Slot)slot, named[slot], right[slot]))];
    }

    private static void Count(Post post, ReadOnlySpan<int> rest, int[] named, int[] right)
    {
        int seen = 0;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<int> clause = rest[..Clause.FirstLength(rest)];
            rest = rest[clause.Length..];
            if (Clause.Recognise(clause) is not ClauseKind kind || kind == ClauseKind.Like)
            {
                continue;
            }

            foreach (int word in clause)
            {
                if (TldrWorld.SlotOf(word) is Slot slot && (kind != ClauseKind.Age || slot == Slot.Age) && (seen & (1 << (int)slot)) == 0)
                {
                    seen |= 1 << (int)slot;
                    named[(int)slot]++;
                    right[(int)slot] += post.Fact(slot) == word ? 1 : 0;
                }
            }
        }
    }
}
