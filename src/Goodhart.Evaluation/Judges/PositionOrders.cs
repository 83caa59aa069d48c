using Goodhart.Engine.Randomness;

namespace Goodhart.Evaluation.Judges;

/// <summary>In which order a judge sees the two responses: judges tend to favour a position.</summary>
public enum PositionOrders
{
    /// <summary>One order per pair, drawn by seed and pair (the paper's rule).</summary>
    Random,

    /// <summary>Both orders: twice the calls, and the bias is measured on every pair.</summary>
    Both,
}

/// <summary>Draws by a pair's address: the same seed and prompt give the same order in every run, for every policy.</summary>
public static class PairDraws
{
    /// <summary>Whether B is shown first.</summary>
    public static bool Swapped(ulong seed, ResponsePair pair) => (Bits(seed, "judge/order", pair.Prompt, pair.Sample) & 1) == 1;

    /// <summary>The items that come first in a random ranking by prompt: a larger count holds the smaller one's items.</summary>
    /// <returns>In the order of <paramref name="items"/>.</returns>
    public static IReadOnlyList<T> Choose<T>(
        IReadOnlyList<T> items, int count, ulong seed, string purpose, Func<T, (string Prompt, int Sample)> address)
    {
        if (count >= items.Count)
        {
            return items;
        }

        HashSet<int> chosen =
        [
            .. Enumerable.Range(0, items.Count)
                .OrderBy(i => Bits(seed, purpose, address(items[i]).Prompt, address(items[i]).Sample)).ThenBy(i => i).Take(count),
        ];
        return [.. items.Where((_, i) => chosen.Contains(i))];
    }

    private static ulong Bits(ulong seed, string purpose, string prompt, int sample)
    {
        ulong address = ResponsePair.Address(prompt);
        (uint low, uint high, _, _) = Philox.Block(Philox.Key(seed, purpose), (uint)address, (uint)(address >> 32), (uint)sample, 0);
        return ((ulong)high << 32) | low;
    }
}
