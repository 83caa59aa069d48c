using Goodhart.Alignment.Losses;

namespace Goodhart.Evaluation.Theory.Queries;

/// <summary>One of several policies with the same loss.</summary>
/// <param name="Loss">The loss's name.</param>
/// <param name="Policy">What distinguishes it.</param>
/// <param name="Shift">Nats added to the log-probs of all out-of-distribution trajectories, before normalisation.</param>
/// <param name="LossValue">Of the one preference.</param>
/// <param name="OutOfDistribution">Probability of the trajectories that are neither demonstrated nor compared.</param>
/// <param name="Pair">Probability of the pair's two trajectories.</param>
/// <param name="TopOutOfDistribution">Probability of the most probable out-of-distribution trajectory.</param>
/// <param name="Entropy">Of the whole distribution, nats.</param>
public sealed record SameLossPolicy(
    string Loss, string Policy, double Shift, double LossValue, double OutOfDistribution, double Pair, double TopOutOfDistribution,
    double Entropy);

/// <summary>
/// Section 4's claim by construction, on the 27 trajectories of appendix E's tree with its one preference: policies of equal loss, at the
/// minimum where the loss has one, whose out-of-distribution mass is anything between 0 and 1. Each is a probability distribution.
/// </summary>
public sealed class SameLossPolicies
{
    /// <summary>(a0,a0,a0), (a1,a1,a0), (a2,a2,a2): appendix E's demonstrations, as base-3 numbers.</summary>
    public static readonly IReadOnlyList<int> Demonstrations = [0, 12, 26];

    /// <summary>(a1,a1,a0) is preferred to (a0,a0,a0).</summary>
    public static readonly PreferenceEdge Preference = new(12, 0);

    private const int Trajectories = 27;

    private readonly DirectAlignmentLoss loss;
    private readonly double[] reference;
    private readonly double[] start;
    private readonly int[] components;

    /// <param name="loss">Any g.</param>
    /// <param name="argument">x = β·Δ of every policy: for IPO and SLiC 1, where their minimum is; DPO has none, and any x will do.</param>
    /// <param name="outOfDistribution">Mass of the 24 other trajectories under the reference, spread evenly, and under the first
    /// policy.</param>
    public SameLossPolicies(DirectAlignmentLoss loss, double argument, double outOfDistribution = 0.04)
    {
        this.loss = loss;
        reference = Reference(outOfDistribution);
        components = InvisibleMove.Components(PreferenceGraph.OfOnePrompt(Trajectories, [Preference]));
        start = Start(argument / loss.Beta);
    }

    /// <summary>The policy that is like the reference but for the pair's ratio; moved by <paramref name="shift"/> on all others'
    /// mass.</summary>
    public SameLossPolicy At(double shift, string name) => Describe(name, shift, _ => shift);

    /// <summary>The policy whose out-of-distribution mass is all on one trajectory.</summary>
    public SameLossPolicy OnOne(int trajectory, double shift, string name) =>
        Describe(name, shift, other => other == trajectory ? shift + Math.Log(Trajectories - Demonstrations.Count) : -200);

    /// <summary>The shift after which out-of-distribution trajectories have the given mass.</summary>
    public double ShiftTo(double mass)
    {
        double now = Mass(start, IsOut);
        return Math.Log(mass / (1 - mass)) - Math.Log(now / (1 - now));
    }

    private static bool IsOut(int trajectory) => !Demonstrations.Contains(trajectory);

    private static double[] Reference(double outOfDistribution) =>
    [
        .. Enumerable.Range(0, Trajectories).Select(i => Math.Log(IsOut(i)
            ? outOfDistribution / (Trajectories - Demonstrations.Count)
            : (1 - outOfDistribution) / Demonstrations.Count)),
    ];

    private static double Mass(double[] logPolicy, Func<int, bool> of) =>
        Enumerable.Range(0, logPolicy.Length).Where(of).Sum(i => Math.Exp(logPolicy[i]));

    /// <summary>The reference with the pair's mass divided anew: log π(y_w)/π(y_l) grows by Δ.</summary>
    private double[] Start(double margin)
    {
        (double chosen, double rejected) = (reference[Preference.Chosen], reference[Preference.Rejected]);
        double both = LogSum.Exp([chosen, rejected]);
        double normaliser = LogSum.Exp([chosen + margin, rejected]);
        double[] policy = [.. reference];
        policy[Preference.Chosen] = both + chosen + margin - normaliser;
        policy[Preference.Rejected] = both + rejected - normaliser;
        return policy;
    }

    private SameLossPolicy Describe(string name, double shift, Func<int, double> shiftOf)
    {
        double[] shifts = new double[components.Max() + 1];
        for (int i = 0; i < Trajectories; i++)
        {
            shifts[components[i]] = IsOut(i) ? shiftOf(i) : 0;
        }

        double[] policy = InvisibleMove.Apply(start, components, shifts);
        PairGradient[] term = new PairGradient[1];
        loss.Evaluate(
            [
                new PairLogProbs(
                    policy[Preference.Chosen], policy[Preference.Rejected], reference[Preference.Chosen], reference[Preference.Rejected], 3,
                    3),
            ],
            term);
        return new SameLossPolicy(
            loss.Name,
            name,
            shift,
            term[0].Loss,
            Mass(policy, IsOut),
            Math.Exp(policy[Preference.Chosen]) + Math.Exp(policy[Preference.Rejected]),
            Enumerable.Range(0, Trajectories).Where(IsOut).Max(i => Math.Exp(policy[i])),
            -policy.Sum(value => Math.Exp(value) * value));
    }
}
