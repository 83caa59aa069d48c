using System.Text.Json;

namespace Goodhart.Evaluation.Tests.Statistics;

/// <summary>An autoregressive categorical model of kl_cases.json: logits by prefix ("" or "1 2"), every sequence listed.</summary>
internal sealed class EnumerableModel
{
    private readonly Dictionary<string, double[]> logProbs;

    public EnumerableModel(JsonElement logits) =>
        logProbs = logits.EnumerateObject().ToDictionary(p => p.Name, p => LogSoftmax(logits.Doubles(p.Name)));

    public double LogProb(int[] sequence) => sequence.Select((token, i) => At(sequence, i)[token]).Sum();

    /// <summary>Σ over the sequence's prefixes of the exact KL of the next token: the Rao-Blackwellised estimator's value on one
    /// sample.</summary>
    public double TokenKls(EnumerableModel reference, int[] sequence) =>
        sequence.Select((_, i) => Kl(At(sequence, i), reference.At(sequence, i))).Sum();

    public double[] At(int[] sequence, int length) => logProbs[string.Join(' ', sequence[..length])];

    public static double Kl(double[] p, double[] q) => p.Zip(q, (lp, lq) => Math.Exp(lp) * (lp - lq)).Sum();

    public static double[] LogSoftmax(double[] logits)
    {
        double max = logits.Max();
        double normaliser = max + Math.Log(logits.Sum(z => Math.Exp(z - max)));
        return [.. logits.Select(z => z - normaliser)];
    }
}
