using Goodhart.Engine.Randomness;

namespace Goodhart.Alignment.PolicyGradient;

/// <summary>Which episodes an update sees: whole prompts, in an order addressed by (seed, collection, epoch).</summary>
internal static class MiniBatchOrder
{
    /// <returns>Per update, indices of episodes; episodes of a prompt stay side by side.</returns>
    public static IEnumerable<int[]> Of(IReadOnlyList<Episode> episodes, int miniBatches, ulong seed, int collection, int epoch)
    {
        Range[] prompts = [.. EpisodeForest.Groups(episodes).Select(group => group.Episodes)];
        if (prompts.Length < miniBatches)
        {
            throw new ArgumentException(
                $"{miniBatches} mini-batches need as many prompts, got {prompts.Length}.", nameof(episodes));
        }

        int[] order = miniBatches == 1
            ? [.. Enumerable.Range(0, prompts.Length)]
            : new RandomStream(seed, "mini-batches", (uint)collection, (uint)epoch).Permutation(prompts.Length);
        for (int k = 0; k < miniBatches; k++)
        {
            int start = (int)((long)prompts.Length * k / miniBatches);
            int end = (int)((long)prompts.Length * (k + 1) / miniBatches);
            yield return
            [
                .. order[start..end].SelectMany(
                    p => Enumerable.Range(prompts[p].Start.Value, prompts[p].End.Value - prompts[p].Start.Value)),
            ];
        }
    }
}
