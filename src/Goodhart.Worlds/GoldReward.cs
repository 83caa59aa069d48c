namespace Goodhart.Worlds;

/// <summary>
/// The known true reward of the world, judge of responses and source of preference labels:
/// covered − hallucinated − repeated − 2 malformed − 0.35 max(0, n − 22) − 3 [no EOS] − 2 [n = 0].
/// </summary>
public static class GoldReward
{
    private const int Unit = 100;
    private const int MalformedCost = 200;
    private const int FreeLength = 22;
    private const int LengthCost = 35;
    private const int UnendedCost = 300;
    private const int EmptyCost = 200;

    /// <param name="response">Token ids; EOS, if there is one, last.</param>
    public static GoldScore Score(Post post, ReadOnlySpan<int> response)
    {
        bool ended = !response.IsEmpty && response[^1] == TldrWorld.Eos;
        ReadOnlySpan<int> rest = ended ? response[..^1] : response;
        int length = rest.Length;
        Tally tally = default;
        while (!rest.IsEmpty)
        {
            int clause = Clause.FirstLength(rest);
            tally.Add(post, rest[..clause]);
            rest = rest[clause..];
        }

        int reward = (Unit * (tally.Covered - tally.Hallucinated - tally.Repeated))
            - (MalformedCost * tally.Malformed)
            - (LengthCost * Math.Max(0, length - FreeLength))
            - (ended ? 0 : UnendedCost)
            - (length == 0 ? EmptyCost : 0);
        return new(reward, tally.Covered, tally.Hallucinated, tally.Repeated, tally.Malformed, length, ended);
    }

    private struct Tally
    {
        private int seen;

        public int Covered { get; private set; }

        public int Hallucinated { get; private set; }

        public int Repeated { get; private set; }

        public int Malformed { get; private set; }

        public void Add(Post post, ReadOnlySpan<int> clause)
        {
            if (Clause.Recognise(clause) is not ClauseKind kind)
            {
                Malformed++;
            }
            else if ((seen & (1 << (int)kind)) != 0)
            {
                Repeated++;
            }
            else
            {
                seen |= 1 << (int)kind;
                Judge(post, kind, clause);
            }
        }

        private void Judge(Post post, ClauseKind kind, ReadOnlySpan<int> clause)
        {
            if (kind == ClauseKind.Like)
            {
                // True but beside the point: no credit.
                Hallucinated += clause[2] == post.Like ? 0 : 1;
                return;
            }

            if (kind == ClauseKind.Age && clause[1] != post.Fact(Slot.Relation))
            {
                // Somebody else's age is one error, whatever the number.
                Hallucinated++;
                return;
            }

            foreach (int word in clause)
            {
                // The age clause earns its age only; the relation is the main clause's to tell.
                if (TldrWorld.SlotOf(word) is Slot slot && (kind != ClauseKind.Age || slot == Slot.Age))
                {
                    bool right = post.Fact(slot) == word;
                    Covered += right ? 1 : 0;
                    Hallucinated += right ? 0 : 1;
                }
            }
        }
    }
}
