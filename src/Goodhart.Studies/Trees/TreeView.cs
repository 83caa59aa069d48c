using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Text;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Trees;

/// <summary>What the tree's figures share: which runs they show, in which colours, at which steps.</summary>
internal sealed class TreeView
{
    /// <summary>Points of a line: more cannot be seen.</summary>
    private const int MostPoints = 100;

    public TreeView(TreeResults results)
    {
        Results = results;
        Data = results.Data();
        Shape = Data.Shape;
        Outside = Data.OutOfDistribution();
        Pairs = Data.Pairs();
        Beta = results.MiddleBeta();
    }

    public TreeResults Results { get; }

    public TreeData Data { get; }

    public TreeShape Shape { get; }

    public IReadOnlyList<int> Outside { get; }

    public IReadOnlyList<int> Pairs { get; }

    /// <summary>The β of figures with one β.</summary>
    public double Beta { get; }

    /// <summary>The policy of figures with one policy.</summary>
    public string Policy => Results.Settings.Policies[0];

    public ulong Seed => Results.Settings.Seed;

    public static Ink ChosenInk => Palette.Series(0);

    public static Ink RejectedInk => Palette.Series(1);

    public static Ink DemonstrationInk => Palette.Series(2);

    public static Ink OutsideInk => Palette.Series(3);

    public LinearAxis StepAxis() => new("alignment step", 0, Results.Settings.Steps);

    public TreeRun Run(string policy, string loss, double beta, ulong seed) =>
        Results.Runs.Single(run => run.Policy == policy && run.Loss == loss && run.Beta == beta && run.Seed == seed);

    /// <summary>Rejected by some pair, chosen by pairs only, demonstrated without a pair, or none of these.</summary>
    public Ink InkOf(int trajectory) =>
        Data.Preferences.Any(pair => pair.Rejected == trajectory) ? RejectedInk
        : Data.Preferences.Any(pair => pair.Chosen == trajectory) ? ChosenInk
        : Data.Demonstrations.Contains(trajectory) ? DemonstrationInk : OutsideInk;

    /// <summary>At most <paramref name="most"/> evenly spaced steps, the first and the last among them.</summary>
    public IReadOnlyList<int> Steps(int most = MostPoints)
    {
        int last = Results.Settings.Steps;
        int count = Math.Min(most, last);
        return [.. Enumerable.Range(0, count + 1).Select(k => (int)((long)k * last / count)).Distinct()];
    }

    /// <summary>Of the lines of one panel that have names: colours alone would not tell them apart.</summary>
    public static LineDash DashOf(int place) => (LineDash)(place % 3);

    public LineMark Line(Ink ink, TreeRun run, int trajectory) =>
        new(ink, null, [.. Steps().Select(step => new ChartPoint(step, run.Probabilities[step][trajectory]))]);

    /// <summary>The trajectories out of distribution that end highest in any of the runs.</summary>
    public IReadOnlyList<int> Highest(IEnumerable<TreeRun> runs, int count) =>
        [.. Outside.OrderByDescending(k => runs.Max(run => run.Probabilities[^1][k])).Take(count)];

    public static string Name(string loss) => LossNames.Display(loss);

    public static string BetaName(double beta) => "β " + Numbers.Setting(beta);

    /// <summary>Mean and standard deviation over seeds: 0.25 ± 0.17.</summary>
    public static string Spread(IEnumerable<double> values, int decimals = 3)
    {
        double[] all = [.. values];
        double mean = all.Average();
        return all.Length < 2
            ? Numbers.Fixed(mean, decimals)
            : Numbers.WithError(mean, Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Length - 1)), decimals);
    }
}
