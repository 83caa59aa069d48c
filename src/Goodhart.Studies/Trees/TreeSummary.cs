using Goodhart.Studies.Trees.Tabular;

namespace Goodhart.Studies.Trees;

/// <summary>Where one run put its probability mass: at the start (the SFT model) and at the end. Probabilities, entropy in nats.</summary>
/// <param name="Start">Before alignment.</param>
/// <param name="End">After the last update.</param>
/// <param name="PeakOutOfDistribution">The largest out-of-distribution mass of any step.</param>
/// <param name="PeakStep">Where that was.</param>
/// <param name="TopTrajectory">The out-of-distribution trajectory of the largest probability at the end; −1 where there is none.</param>
/// <param name="TopProbability">Its probability.</param>
/// <param name="TopShare">Share of the out-of-distribution mass at the end that its <see cref="TreeMasses.Few"/> largest trajectories
/// hold.</param>
/// <param name="Unshared">
/// Out-of-distribution mass of the tabular optimum of the same fit: what the run's log-ratios on compared trajectories come to where no
/// other logit has moved (<see cref="Minimisers.DpoWithoutCoverage"/>). What the run has beyond it is the shared weights' doing.
/// </param>
/// <param name="Margin">Mean Δ over the preferences at the end, nats.</param>
public sealed record TreeSummary(
    string Policy,
    string Loss,
    double Beta,
    ulong Seed,
    TreeMasses Start,
    TreeMasses End,
    double PeakOutOfDistribution,
    int PeakStep,
    int TopTrajectory,
    double TopProbability,
    double TopShare,
    double Unshared,
    double Margin,
    double FinalLoss)
{
    public static TreeSummary Of(TreeRun run, TreeData data)
    {
        IReadOnlyList<int> outside = data.OutOfDistribution();
        double[] masses = [.. Enumerable.Range(0, run.Probabilities.Count).Select(step => run.Mass(outside, step))];
        int peak = Array.IndexOf(masses, masses.Max());
        IReadOnlyList<float> last = run.Probabilities[^1];
        int[] largest = [.. outside.OrderByDescending(k => last[k]).Take(TreeMasses.Few)];
        int top = largest.Length == 0 ? -1 : largest[0];
        return new TreeSummary(
            run.Policy, run.Loss, run.Beta, run.Seed,
            TreeMasses.Of(run.Probabilities[0], data), TreeMasses.Of(last, data),
            masses[peak], peak,
            top, top < 0 ? 0 : last[top], masses[^1] > 0 ? largest.Sum(k => (double)last[k]) / masses[^1] : 0,
            UnsharedMass(run, data, outside), run.Margins[^1], run.Losses[^1]);
    }

    private static double UnsharedMass(TreeRun run, TreeData data, IReadOnlyList<int> outside)
    {
        double[] reference = Logs(run.Probabilities[0]);
        double[] last = Logs(run.Probabilities[^1]);
        double[] ratios = [.. last.Zip(reference, (own, start) => own - start)];
        double[] optimum = Minimisers.DpoWithoutCoverage(reference, ratios, [.. data.Pairs()], beta: 1);
        return outside.Sum(k => Math.Exp(optimum[k]));
    }

    /// <summary>A probability too small for its format counts as the smallest there is.</summary>
    private static double[] Logs(IReadOnlyList<float> probabilities) =>
        [.. probabilities.Select(p => Math.Log(Math.Max(p, float.Epsilon)))];
}

/// <summary>A distribution over trajectories in a few numbers.</summary>
/// <param name="OutOfDistribution">Mass on trajectories that are neither demonstrated nor in a pair.</param>
/// <param name="InDistribution">The rest.</param>
/// <param name="Pair">Mass on trajectories of the preference pairs.</param>
/// <param name="Chosen">Mass on trajectories that some pair prefers and none rejects.</param>
/// <param name="Rejected">The rest of the pairs' mass.</param>
/// <param name="Entropy">Nats; at most log of the number of trajectories.</param>
public sealed record TreeMasses(double OutOfDistribution, double InDistribution, double Pair, double Chosen, double Rejected,
    double Entropy)
{
    /// <summary>How many trajectories count as a few.</summary>
    public const int Few = 3;

    public static TreeMasses Of(IReadOnlyList<float> probabilities, TreeData data)
    {
        double Mass(IEnumerable<int> trajectories) => trajectories.Sum(k => (double)probabilities[k]);
        int[] rejected = [.. data.Preferences.Select(pair => pair.Rejected).Distinct()];
        double total = probabilities.Sum(p => (double)p);
        double outside = Mass(data.OutOfDistribution());
        double pair = Mass(data.Pairs());
        double lost = Mass(rejected);
        return new TreeMasses(
            outside, total - outside, pair, pair - lost, lost, -probabilities.Where(p => p > 0).Sum(p => p * Math.Log(p)));
    }
}
