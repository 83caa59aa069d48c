using Goodhart.Engine.Randomness;

namespace Goodhart.Alignment.PolicyGradient;

/// <summary>Which episodes an update sees: whole prompts, in an order addressed by (seed, collection, epoch).</summary>
internal static class MiniBatchOrder
{
    /// <returns>Per update, indices of episodes; episodes of a prompt stay side by side.</returns>
    public static IEnumerable<int[]> Of(IReadOnlyList<Episode> episodes, PolicyGradientOptions options, int collection, int epoch)
    {
        Range[] prompts = [.. EpisodeForest.Groups(episodes).Select(group => group.Episodes)];
        if (prompts.Length < options.MiniBatches)
        {
            throw new ArgumentException(
                $"{options.MiniBatches} mini-batches need as many prompts, got {prompts.Length}.", nameof(episodes));
        }

        int[] order = options.MiniBatches == 1
            ? [.. Enumerable.Range(0, prompts.Length)]
            : new RandomStream(options.Seed, "mini-batches", (uint)collection, (uint)epoch).Permutation(prompts.Length);
        for (int k = 0; k < options.MiniBatches; k++)
        {
            int start = (int)((long)prompts.Length * k / options.MiniBatches);
            int end = (int)((long)prompts.Length * (k + 1) / options.MiniBatches);
            yield return
            [
                .. order[start..end].SelectMany(
                    p => Enumerable.Range(prompts[p].Start.Value, prompts[p].End.Value - prompts[p].Start.Value)),
            ];
        }
    }
}
