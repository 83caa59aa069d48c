using System.Runtime.InteropServices;
using Goodhart.Engine.Randomness;
using Goodhart.Text.Data;

namespace Goodhart.Alignment.Training;

/// <summary>
/// For every row of unpaired data a response that was written to another prompt: what KTO estimates the policy's KL with.
/// </summary>
/// <remarks>
/// Drawn for each row among all responses to other prompts, with noise addressed by the row's place alone. So the choice belongs to the
/// data, not
/// to a run or a batch, and the reference scores it once for every seed, β and batch size.
/// </remarks>
public static class MismatchedResponses
{
    /// <param name="maxTokens">Of a prompt with its response; a drawn response that does not fit loses its end.</param>
    /// <returns>Response ids, one for each row.</returns>
    /// <exception cref="ArgumentException">All rows have the same prompt.</exception>
    public static int[][] Of(IReadOnlyList<LabelledResponse> rows, int maxTokens)
    {
        ILookup<int[], int> byPrompt = Enumerable.Range(0, rows.Count).ToLookup(row => rows[row].Prompt, SameIds.Comparer);
        int[] order = [.. byPrompt.SelectMany(group => group)];
        int[][] responses = new int[rows.Count][];
        int start = 0;
        foreach (IGrouping<int[], int> group in byPrompt)
        {
            int[] own = [.. group];
            int others = rows.Count - own.Length;
            if (others == 0)
            {
                throw new ArgumentException("expected responses to two or more different prompts, found one prompt.", nameof(rows));
            }

            foreach (int row in own)
            {
                int place = new RandomStream(0, "kto mismatched response", (uint)row).NextInt(others);
                int[] drawn = rows[order[place < start ? place : place + own.Length]].Response;
                responses[row] = drawn[..Math.Min(drawn.Length, Math.Max(1, maxTokens - group.Key.Length))];
            }

            start += own.Length;
        }

        return responses;
    }

    private sealed class SameIds : IEqualityComparer<int[]>
    {
        public static readonly SameIds Comparer = new();

        public bool Equals(int[]? one, int[]? other) => one.AsSpan().SequenceEqual(other);

        public int GetHashCode(int[] ids)
        {
            HashCode hash = default;
            hash.AddBytes(MemoryMarshal.AsBytes(ids.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
