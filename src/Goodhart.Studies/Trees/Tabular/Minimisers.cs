using System.Globalization;
using Goodhart.Alignment.Losses;

namespace Goodhart.Studies.Trees.Tabular;

/// <summary>Where direct alignment ends on an enumerable set of responses, worked out by hand. h = log π/π_ref, x = β(h_first − h_second).
/// All in nats, one value per response.</summary>
public static class Minimisers
{
    /// <summary>π* ∝ π_ref exp(r/β): the optimum of E r − β KL(π to π_ref), and the only minimiser of DPO under full coverage.</summary>
    /// <remarks>
    /// A pair's expected loss −p log σ(x) − (1 − p) log σ(−x) is least where σ(x) = p, that is x = r_first − r_second under Bradley-Terry.
    /// h = r/β + constant meets this for all pairs at once, so it minimises their sum; −log σ is strictly convex and all pairs together
    /// fix h up to the constant, which normalisation fixes.
    /// </remarks>
    /// <returns>log π*.</returns>
    public static double[] Dpo(IReadOnlyList<double> logReference, IReadOnlyList<double> rewards, double beta) =>
        Tilted(logReference, [.. rewards.Select(reward => reward / beta)]);

    /// <summary>IPO under full coverage, every pair with the same weight: β·h is the mean of 2p − 1 over all opponents, oneself included: a
    /// Borda score in [−1, 1], not a reward.</summary>
    /// <remarks>
    /// p(x − 1)² + (1 − p)(−x − 1)² = (x − (2p − 1))² + constant. So Σ (β(h_i − h_j) − d_ij)², d = 2p − 1, is least squares on the complete
    /// graph; setting ∂/∂h_i to 0 gives n β h_i − β Σ h = Σ_j d_ij. Finite for certain labels too, where d = ±1.
    /// </remarks>
    /// <param name="pairs">All pairs, each once.</param>
    /// <returns>log π.</returns>
    public static double[] Ipo(IReadOnlyList<double> logReference, IReadOnlyList<TabularPair> pairs, double beta)
    {
        int n = logReference.Count;
        RequireAll(pairs, n);
        double[] score = new double[n];
        foreach (TabularPair pair in pairs)
        {
            double d = (2 * pair.Preferred) - 1;
            score[pair.First] += d / n;
            score[pair.Second] -= d / n;
        }

        return Tilted(logReference, [.. score.Select(value => value / beta)]);
    }

    /// <summary>SLiC's hinge under full coverage, where neighbours are told apart well enough: h falls by exactly 1/β from each response to
    /// the next worse, whatever the rewards.</summary>
    /// <remarks>
    /// p max(0, 1 − x) + (1 − p) max(0, 1 + x) has slope −(2p − 1) for |x| &lt; 1 and 1 − p for x &gt; 1: a kink, and the least value, at
    /// x = 1.
    /// Order responses by reward. With every gap at 1, neighbours are at their kinks and all other pairs beyond theirs, with slope 1 − p in
    /// each gap they span. There the loss is a sum of functions of one gap each, so this is the minimum exactly if in every gap
    /// 2p − 1 of the neighbours ≥ Σ (1 − p) of the other spanning pairs, and the only one if that holds strictly and some p &lt; 1 spans
    /// each gap.
    /// Certain labels leave every gap ≥ 1 a minimiser: flat, not unbounded.
    /// </remarks>
    /// <returns>log π.</returns>
    /// <exception cref="ArgumentException">The condition fails: the minimum is at another vertex.</exception>
    public static double[] Slic(IReadOnlyList<double> logReference, IReadOnlyList<double> rewards, double beta)
    {
        int[] order = [.. Enumerable.Range(0, rewards.Count).OrderByDescending(i => rewards[i])];
        double P(int i, int j) => LogSpace.Sigmoid(rewards[order[i]] - rewards[order[j]]);
        for (int gap = 0; gap + 1 < order.Length; gap++)
        {
            double beyond = 0;
            for (int i = 0; i <= gap; i++)
            {
                for (int j = gap + 1; j < order.Length; j++)
                {
                    beyond += i == gap && j == gap + 1 ? 0 : 1 - P(i, j);
                }
            }

            if ((2 * P(gap, gap + 1)) - 1 < beyond)
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"SLiC: responses {order[gap]} and {order[gap + 1]} are too alike (2p − 1 = {(2 * P(gap, gap + 1)) - 1:0.###}, needs "
                        + $"{beyond:0.###}): "
                    + $"margins of 1 are not the minimum."));
            }
        }

        double[] tilt = new double[order.Length];
        for (int place = 0; place < order.Length; place++)
        {
            tilt[order[place]] = -place / beta;
        }

        return Tilted(logReference, tilt);
    }

    /// <summary>Where DPO ends on a tabular policy that starts at π_ref when only <paramref name="compared"/> responses are ever compared
    /// (all
    /// pairs of them): π ∝ π_ref exp(δ), δ = (r − mean reward of the compared)/β on these, 0 elsewhere.</summary>
    /// <remarks>
    /// The loss fixes differences of h among the compared alone. A logit's derivative is that of its log-prob, and a pair's two cancel:
    /// gradient descent keeps the compared logits' mean and leaves the others where they are. Any other mean has the same loss, hence
    /// another
    /// mass out of distribution with the same fit.
    /// </remarks>
    /// <returns>log π.</returns>
    public static double[] DpoWithoutCoverage(
        IReadOnlyList<double> logReference, IReadOnlyList<double> rewards, IReadOnlyList<int> compared, double beta)
    {
        double mean = compared.Average(i => rewards[i]);
        double[] tilt = new double[rewards.Count];
        foreach (int i in compared)
        {
            tilt[i] = (rewards[i] - mean) / beta;
        }

        return Tilted(logReference, tilt);
    }

    /// <summary>KL(first to second) of two distributions given by their logs, nats.</summary>
    public static double Kl(IReadOnlyList<double> logFirst, IReadOnlyList<double> logSecond) =>
        logFirst.Select((value, i) => Math.Exp(value) * (value - logSecond[i])).Sum();

    private static double[] Tilted(IReadOnlyList<double> logReference, double[] tilt) =>
        TabularPolicy.LogSoftmax([.. logReference.Zip(tilt, (log, t) => log + t)]);

    private static void RequireAll(IReadOnlyList<TabularPair> pairs, int n)
    {
        int distinct = pairs.Select(pair => (Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second))).Distinct().Count();
        if (pairs.Count != distinct || distinct != n * (n - 1) / 2)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                    $"IPO: expected every one of the {n * (n - 1) / 2} pairs once, found {pairs.Count} ({distinct} distinct)."));
        }
    }
}
