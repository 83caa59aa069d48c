namespace Goodhart.Engine.Cpu;

internal sealed unsafe partial class CpuOps
{
    public void DecodeAttention(Heads queries, int keyValueHeads, Mat cache, Mat ranges, int window, Mat y)
    {
        queries.Require(nameof(DecodeAttention));
        ShapeException.Require(
            keyValueHeads > 0 && queries.Count % keyValueHeads == 0 && window >= 0,
            nameof(DecodeAttention),
            FormattableString.Invariant($"a number of heads that {keyValueHeads} divides"),
            queries.Mat);
        RequireCache(keyValueHeads, queries.Dim, cache, nameof(DecodeAttention));
        RequireTable(ranges, queries.Rows, 4, nameof(DecodeAttention));
        ShapeException.Require(
            y.Rows == queries.Rows && y.Cols == queries.Width,
            nameof(DecodeAttention),
            FormattableString.Invariant($"y [{queries.Rows}, {queries.Width}]"),
            y);
        if (queries.Rows == 0)
        {
            return;
        }

        int longest = LongestRange(I(ranges), queries.Rows, cache.Rows);
        int[] within = Within(I(ranges), queries.Rows, window);
        KvCache kv = new(F(cache), cache.Rows, keyValueHeads, queries.Dim);
        HeadPointer source = Point(queries);
        float* target = F(y);
        int group = queries.Count / keyValueHeads;

        // Rows that share a prompt go together, head of keys by head of keys, so that each key is brought near once. Prompts of one head
        // follow one another, as they lie in memory.
        List<int> starts = DecodeGroups(within, queries.Rows, keyValueHeads);
        int groups = starts.Count - 1;
        team.Run(groups * keyValueHeads, (chunk, worker) =>
        {
            int keyHead = chunk / groups;
            DecodeQuery* pair = stackalloc DecodeQuery[2];
            fixed (int* range = within)
            {
                int count = 0;
                for (int row = starts[chunk % groups]; row < starts[(chunk % groups) + 1]; row++)
                {
                    for (int head = keyHead * group; head < (keyHead + 1) * group; head++)
                    {
                        float* output = target + ((long)row * y.Ld) + (head * queries.Dim);
                        pair[count++] = new DecodeQuery { Query = source.At(row, head), Ranges = range + (4 * row), Output = output };
                        if (count == 2)
                        {
                            kernels.Decode(pair, count, kv, keyHead, longest, scratch[worker]);
                            count = 0;
                        }
                    }
                }

                if (count > 0)
                {
                    kernels.Decode(pair, count, kv, keyHead, longest, scratch[worker]);
                }
            }
        });
    }

    /// <summary>The ranges without what lies before the window.</summary>
    private static int[] Within(int* ranges, int rows, int window)
    {
        int[] within = new ReadOnlySpan<int>(ranges, 4 * rows).ToArray();
        for (int i = 0; window > 0 && i < within.Length; i += 4)
        {
            int before = Math.Max(0, within[i + 1] + within[i + 3] - window);
            int ofPrompt = Math.Min(before, within[i + 1]);
            within[i] += ofPrompt;
            within[i + 1] -= ofPrompt;
            within[i + 2] += before - ofPrompt;
            within[i + 3] -= before - ofPrompt;
        }

        return within;
    }

    /// <summary>First rows of runs that see the same of a prompt, and the number of rows; where such runs are fewer than workers, of
    /// their parts.</summary>
    private List<int> DecodeGroups(int[] within, int rows, int keyValueHeads)
    {
        int prompts = 1 + Enumerable.Range(1, rows - 1).Count(IsOther);
        int most = Math.Max(1, prompts * keyValueHeads >= 2 * team.Threads ? rows : rows * keyValueHeads / (2 * team.Threads));
        List<int> starts = [0];
        for (int row = 1; row < rows; row++)
        {
            if (IsOther(row) || row - starts[^1] >= most)
            {
                starts.Add(row);
            }
        }

        starts.Add(rows);
        return starts;

        bool IsOther(int row) => within[4 * row] != within[(4 * row) - 4] || within[(4 * row) + 1] != within[(4 * row) - 3];
    }

    private static int LongestRange(int* range, int rows, int capacity)
    {
        int longest = 0;
        for (int row = 0; row < rows; row++)
        {
            int* r = range + (4 * row);
            if (r[0] < 0 || r[1] < 0 || r[2] < 0 || r[3] < 1 || r[0] + r[1] > capacity || r[2] + r[3] > capacity)
            {
                throw new ShapeException(FormattableString.Invariant(
                    $"DecodeAttention: expected ranges within {capacity} cache rows and at least one own row, ") +
                    FormattableString.Invariant($"got prompt {r[0]}+{r[1]}, own {r[2]}+{r[3]} in row {row}."));
            }

            longest = Math.Max(longest, r[1] + r[3]);
        }

        return longest;
    }
}
