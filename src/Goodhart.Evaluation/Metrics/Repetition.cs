namespace Goodhart.Evaluation.Metrics;

/// <summary>How much a response repeats itself.</summary>
public static class Repetition
{
    /// <summary>Share of the response's n-grams that occurred in it before; 0 where it has none.</summary>
    public static double Share(ReadOnlySpan<int> tokens, int n = 4)
    {
        int count = tokens.Length - n + 1;
        if (count <= 0)
        {
            return 0;
        }

        HashSet<string> seen = [];
        int repeated = 0;
        for (int i = 0; i < count; i++)
        {
            repeated += seen.Add(string.Join(' ', tokens.Slice(i, n).ToArray())) ? 0 : 1;
        }

        return (double)repeated / count;
    }
}
