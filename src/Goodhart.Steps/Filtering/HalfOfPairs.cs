using Goodhart.Engine.Randomness;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Filtering;

/// <summary>One of two halves of pairs, drawn by a seed; of an odd number the first has one less.</summary>
/// <param name="Half">0 or 1.</param>
public sealed record HalfOfPairs(TokenizePairs All, int Half, ulong Seed) : IPairRows
{
    public RowSource Source => All.Source;

    public TokenizedPair[] Read(StepContext context)
    {
        TokenizedPair[] pairs = All.Read(context);
        return [.. Indices(pairs.Length).Select(pair => pairs[pair])];
    }

    /// <summary>Which of so many pairs it has, in their order.</summary>
    public int[] Indices(int pairs)
    {
        int[] order = new RandomStream(Seed, "halves of pairs", 0).Permutation(pairs);
        return [.. (Half == 0 ? order[..(pairs / 2)] : order[(pairs / 2)..]).Order()];
    }

    /// <summary>How many it has of so many.</summary>
    public int Count(int pairs) => Half == 0 ? pairs / 2 : pairs - (pairs / 2);
}
