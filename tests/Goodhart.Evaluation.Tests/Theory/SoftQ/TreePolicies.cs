using Goodhart.Evaluation.Theory;
using Goodhart.Evaluation.Theory.SoftQ;

namespace Goodhart.Evaluation.Tests.Theory.SoftQ;

/// <summary>Tables of random logits over the tree of three actions and three steps, and its 27 responses.</summary>
internal static class TreePolicies
{
    public const int Actions = 3;
    public const int Depth = 3;

    /// <summary>All of them, below one prompt.</summary>
    public static ResponseTree All { get; } = new(
        [7],
        [.. Enumerable.Range(0, 27).Select(i => new TokenResponse([i / 9, i / 3 % 3, i % 3], Ended: true))]);

    /// <summary>Logits with a constant of its own at every prefix, the gauge.</summary>
    public static Func<int[], double[]> Logits(int seed) => prefix =>
    {
        Random random = new(HashCodeOf(seed, prefix));
        double gauge = 3 * random.NextDouble();
        return [.. Enumerable.Range(0, Actions).Select(_ => gauge + (4 * random.NextDouble()))];
    };

    public static double[] LogProbs(double[] logits)
    {
        double total = LogSum.Exp(logits);
        return Array.ConvertAll(logits, logit => logit - total);
    }

    // Not HashCode.Combine, which differs from run to run.
    private static int HashCodeOf(int seed, int[] prefix) =>
        prefix.Aggregate(seed + 1, (hash, token) => unchecked((hash * 31) + token + 1));
}
