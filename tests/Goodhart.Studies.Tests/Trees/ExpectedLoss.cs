using Goodhart.Alignment.Losses;
using Goodhart.Studies.Trees;
using Goodhart.Studies.Trees.Tabular;

namespace Goodhart.Studies.Tests.Trees;

/// <summary>A preference loss in expectation over the labels: Σ over pairs of p·loss(first over second) + (1 − p)·loss(second over first),
/// over the number of pairs.</summary>
/// <param name="logReference">log π_ref of every response, nats.</param>
internal sealed class ExpectedLoss(PreferenceLoss loss, IReadOnlyList<TabularPair> pairs, IReadOnlyList<double> logReference)
{
    /// <param name="logPolicy">log π of every response, nats.</param>
    public double Value(ReadOnlySpan<double> logPolicy)
    {
        double sum = 0;
        foreach (TabularPair pair in pairs)
        {
            (PairGradient forth, PairGradient back) = Terms(pair, logPolicy);
            sum += (pair.Preferred * forth.Loss) + ((1 - pair.Preferred) * back.Loss);
        }

        return sum / pairs.Count;
    }

    /// <summary>∂/∂ log π, one per response: what <see cref="TreePolicy.Update"/> takes.</summary>
    public double[] Upstream(ReadOnlySpan<double> logPolicy)
    {
        double[] upstream = new double[logPolicy.Length];
        foreach (TabularPair pair in pairs)
        {
            (PairGradient forth, PairGradient back) = Terms(pair, logPolicy);
            (double p, double q) = (pair.Preferred / pairs.Count, (1 - pair.Preferred) / pairs.Count);
            upstream[pair.First] += (p * forth.Chosen) + (q * back.Rejected);
            upstream[pair.Second] += (p * forth.Rejected) + (q * back.Chosen);
        }

        return upstream;
    }

    private (PairGradient Forth, PairGradient Back) Terms(TabularPair pair, ReadOnlySpan<double> logPolicy)
    {
        PairLogProbs forth = new(
            logPolicy[pair.First], logPolicy[pair.Second], logReference[pair.First], logReference[pair.Second], 1, 1);
        PairLogProbs back = new(
            logPolicy[pair.Second], logPolicy[pair.First], logReference[pair.Second], logReference[pair.First], 1, 1);
        PairGradient[] terms = new PairGradient[1];
        loss.Evaluate([forth], terms);
        PairGradient first = terms[0];
        loss.Evaluate([back], terms);
        return (first, terms[0]);
    }
}
