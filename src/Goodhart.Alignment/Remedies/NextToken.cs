using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>Numbers of a next-token distribution from its logits, in nats; sums run in the vocabulary's order.</summary>
public static class NextToken
{
    /// <summary>log Σ_v e^(scale·l_v).</summary>
    public static double LogSumExp(ReadOnlySpan<double> logits, double scale = 1)
    {
        double largest = double.NegativeInfinity;
        foreach (double logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        double sum = 0;
        foreach (double logit in logits)
        {
            sum += Math.Exp(scale * (logit - largest));
        }

        return (scale * largest) + Math.Log(sum);
    }

    public static double Measure(VocabularyMeasure measure, ReadOnlySpan<double> logits) => measure switch
    {
        VocabularyMeasure.LogSumOfSquares => LogSumExp(logits, 2) - (2 * LogSumExp(logits)),
        VocabularyMeasure.LogLargest => Largest(logits) - LogSumExp(logits),
        _ => 0,
    };

    /// <summary>log softmax of a mixture of logits, (1 + shift)·l − shift·l_ref, at a token.</summary>
    /// <param name="mixture">Room for as many logits.</param>
    public static double MixedLogProb(
        ReadOnlySpan<double> policy, ReadOnlySpan<double> reference, double shift, int token, Span<double> mixture)
    {
        for (int v = 0; v < policy.Length; v++)
        {
            mixture[v] = ((1 + shift) * policy[v]) - LogSpace.Weighted(shift, reference[v]);
        }

        return mixture[token] - LogSumExp(mixture);
    }

    private static double Largest(ReadOnlySpan<double> logits)
    {
        double largest = double.NegativeInfinity;
        foreach (double logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        return largest;
    }
}
