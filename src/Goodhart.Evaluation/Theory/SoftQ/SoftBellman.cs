namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>The soft Bellman equation solved exactly on a tree in which every path has the same number of tokens.</summary>
/// <param name="actions">Tokens at every prefix.</param>
/// <param name="depth">Tokens of a response; after the last there is nothing.</param>
/// <param name="beta">Above zero.</param>
/// <param name="reward">r at a non-empty prefix: the reward of its last token.</param>
/// <param name="logReference">log π_ref of every token after a prefix, nats.</param>
public sealed class SoftBellman(int actions, int depth, double beta, Func<int[], double> reward, Func<int[], double[]> logReference)
{
    /// <summary>Q* of every token after a prefix, Eq. (8).</summary>
    public double[] Q(int[] prefix)
    {
        double[] reference = logReference(prefix);
        return [.. Enumerable.Range(0, actions).Select(token =>
        {
            int[] next = [.. prefix, token];
            return reward(next) + (beta * reference[token]) + Value(next);
        })];
    }

    /// <summary>V*, Eq. (9): β log Σ exp(Q*/β); 0 after the last token.</summary>
    public double Value(int[] prefix) =>
        prefix.Length == depth ? 0 : beta * LogSum.Exp(Array.ConvertAll(Q(prefix), q => q / beta));

    /// <summary>log π*, Eq. (10) as it normalises: (Q* − V*)/β.</summary>
    public double[] LogPolicy(int[] prefix)
    {
        double value = Value(prefix);
        return Array.ConvertAll(Q(prefix), q => (q - value) / beta);
    }
}
