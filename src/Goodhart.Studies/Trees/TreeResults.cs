namespace Goodhart.Studies.Trees;

/// <summary>The tree study: SFT models and aligned runs, with the probability of every trajectory at every step.</summary>
/// <param name="Runs">In the order policy, loss, β, seed.</param>
/// <param name="Variants">The sensitivity to what the paper does not say; empty where not asked for.</param>
public sealed record TreeResults(
    TreeSettings Settings, IReadOnlyList<TreeReference> References, IReadOnlyList<TreeRun> Runs, IReadOnlyList<TreeVariant> Variants)
{
    public TreeShape Shape() => new(Settings.Branching, Settings.Depth);

    public TreeData Data() => TreeData.Create(Shape(), Settings.Demonstrations, Settings.Preferences, Settings.Seed);

    /// <summary>The β that single-β figures show: the paper's 0.1 where it is there, else the middle one.</summary>
    public double MiddleBeta() => Settings.Betas.Contains(0.1) ? 0.1 : Settings.Betas.Order().ElementAt(Settings.Betas.Count / 2);
}

/// <summary>The policy after SFT: the reference of its aligned runs.</summary>
/// <param name="Steps">Updates done.</param>
/// <param name="Loss">SFT loss at the end, nats per demonstration; its least value is log(demonstrations).</param>
/// <param name="Probabilities">One per trajectory.</param>
public sealed record TreeReference(string Policy, ulong Seed, int Steps, double Loss, IReadOnlyList<float> Probabilities)
{
    /// <summary>Probability of the demonstrations together.</summary>
    public double DemonstrationMass(TreeData data) => data.Demonstrations.Sum(k => (double)Probabilities[k]);
}

/// <summary>One aligned run.</summary>
/// <param name="Losses">Before each update and after the last, [steps + 1].</param>
/// <param name="Margins">Mean Δ over the preferences, nats, [steps + 1].</param>
/// <param name="Probabilities">[steps + 1][trajectories]; the first row is the reference.</param>
public sealed record TreeRun(
    string Policy,
    string Loss,
    double Beta,
    ulong Seed,
    IReadOnlyList<double> Losses,
    IReadOnlyList<double> Margins,
    IReadOnlyList<IReadOnlyList<float>> Probabilities)
{
    /// <summary>Probability of a set of trajectories at a step.</summary>
    public double Mass(IReadOnlyList<int> trajectories, int step) => trajectories.Sum(k => (double)Probabilities[step][k]);
}
