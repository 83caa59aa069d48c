using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Remedies;

/// <summary>The runs of one loss with one remedy, of one strength or of several: quantities by seed, then by prompt.</summary>
/// <param name="sft">The SFT model of each seed: where every run begins.</param>
/// <param name="flops">Of training up to a checkpoint; null: unknown.</param>
internal sealed class RemedyRuns(
    string name, EvaluatedCheckpoint[] checkpoints, EvaluatedCheckpoint[] sft, IReadOnlyDictionary<CheckpointKey, double>? flops)
{
    public string Name => name;

    public string Model => checkpoints[0].Point.Model;

    /// <summary>For a loss that is a remedy itself, the loss that it is read against; null for that loss, with and without
    /// remedies.</summary>
    public string? AgainstIn(RemedyRuns plain) => RemediedLosses.LossOf(name) == plain.Name ? null : plain.Name;

    /// <summary>To a run's last checkpoint, mean over runs; null where unknown.</summary>
    public double? FlopsOfRun => flops is null ? null : Spent(SpentKind.Compute);

    /// <inheritdoc cref="FlopsOfRun"/>
    public double Spent(SpentKind kind) =>
        checkpoints.GroupBy(c => (c.Point.Loss, c.Point.Beta, c.Point.Seed)).Average(run => run.Max(c => Spent(c, kind)));

    /// <summary>The best of the checkpoints that have spent no more, the SFT model among them.</summary>
    public Dictionary<int, double[]> Within(SpentKind kind, double budget) => checkpoints.GroupBy(c => c.Point.Seed)
        .Select(seed => (seed.Key, Paid: (EvaluatedCheckpoint[])
        [
            .. seed.Where(c => Spent(c, kind) <= budget * (1 + 1e-9)),
            .. Start(seed.Key) is { } start ? (EvaluatedCheckpoint[])[start] : [],
        ]))
        .Where(seed => seed.Paid.Length > 0).ToDictionary(seed => seed.Key, seed => BestOf(seed.Paid));

    public int Runs => checkpoints.GroupBy(c => (c.Point.Loss, c.Point.Beta, c.Point.Seed)).Count();

    /// <summary>Those with a β and a seed that the others have too: a mean or a best over more of them would be no comparison.</summary>
    public RemedyRuns Among(RemedyRuns others) =>
        new(name, [.. checkpoints.Where(c => others.Cells.Contains((c.Point.Beta, c.Point.Seed)))], sft, flops);

    private HashSet<(double? Beta, int Seed)> Cells => [.. checkpoints.Select(c => (c.Point.Beta, c.Point.Seed))];

    /// <summary>√KL of the checkpoint with the highest win rate over all prompts and seeds.</summary>
    public double BestSqrtKl => checkpoints.GroupBy(c => (c.Point.Loss, c.Point.Beta, c.Point.Fraction))
        .MaxBy(group => group.Average(c => c.WinRate))!.Average(c => c.Point.SqrtKl);

    /// <summary>The best of all checkpoints.</summary>
    public Dictionary<int, double[]> Best() => BySeed(BestOf);

    /// <summary>The same runs at the smallest β alone.</summary>
    public RemedyRuns AtSmallestBeta()
    {
        double? least = checkpoints.Min(c => c.Point.Beta);
        return new RemedyRuns(name, [.. checkpoints.Where(c => c.Point.Beta == least)], sft, flops);
    }

    /// <summary>Tokens of the responses of the best of all checkpoints; empty where lengths are not known.</summary>
    public Dictionary<int, double[]> LengthOfBest() => checkpoints.Any(c => c.Outcomes.Length is null) ? [] : BySeed(
        seed => CrossFit.Best([.. seed.Select(c => c.Outcomes.Win)], [.. seed.Select(c => c.Outcomes.Length!)]));

    /// <summary>Between what the implicit reward has gained and what the win rate has, mean over runs: the area over √KL, from the SFT
    /// model to a run's last checkpoint. Empty where nothing is known of the implicit reward.</summary>
    public Dictionary<int, double[]> Area() => checkpoints.Any(c => c.Outcomes.ProxyWin is null || Start(c.Point.Seed) is null)
        ? []
        : BySeed(seed => OverBetas(RunsOf(seed), run => AreaOf([Start(run[0].Point.Seed)!, .. run])));

    /// <summary>The best of a run, mean over strengths and β.</summary>
    public Dictionary<int, double[]> OverGrid() => BySeed(seed => OverBetas(RunsOf(seed), BestOf));

    /// <summary>The best of a run minus its last, mean over strengths and β.</summary>
    public Dictionary<int, double[]> Fall() => BySeed(seed => OverBetas(RunsOf(seed), FallOf));

    /// <summary>Between the checkpoints around a distance, mean over the runs that reach it; seeds where none does are missing.</summary>
    /// <param name="both">Only the β and seeds at which these reach it too; null: all.</param>
    public Dictionary<int, double[]> At(double sqrtKl, RemedyRuns? both = null) => checkpoints.GroupBy(c => c.Point.Seed)
        .Select(seed => (seed.Key, Reached: (EvaluatedCheckpoint[][])
        [
            .. RunsOf(seed).Where(run => At(run, seed.Key, sqrtKl) is not null
                && both?.Reaches(run[0].Point.Beta, seed.Key, sqrtKl) != false),
        ]))
        .Where(seed => seed.Reached.Length > 0)
        .ToDictionary(seed => seed.Key, seed => OverBetas(seed.Reached, run => At(run, seed.Key, sqrtKl)!));

    private bool Reaches(double? beta, int seed, double sqrtKl) =>
        RunsOf(checkpoints.Where(c => c.Point.Seed == seed && c.Point.Beta == beta)).Any(run => At(run, seed, sqrtKl) is not null);

    /// <summary>Each β counts alike, however many strengths there are at it: the loss by itself has one.</summary>
    private static double[] OverBetas(IEnumerable<EvaluatedCheckpoint[]> runs, Func<EvaluatedCheckpoint[], double[]> quantity) =>
        Mean([.. runs.GroupBy(run => run[0].Point.Beta).Select(beta => Mean([.. beta.Select(quantity)]))]);

    private Dictionary<int, double[]> BySeed(Func<EvaluatedCheckpoint[], double[]> quantity) =>
        checkpoints.GroupBy(c => c.Point.Seed).ToDictionary(seed => seed.Key, seed => quantity([.. seed]));

    private static IEnumerable<EvaluatedCheckpoint[]> RunsOf(IEnumerable<EvaluatedCheckpoint> seed) =>
        seed.GroupBy(c => (c.Point.Loss, c.Point.Beta)).Select(run => (EvaluatedCheckpoint[])[.. run.OrderBy(c => c.Point.Fraction)]);

    private static double[] BestOf(EvaluatedCheckpoint[] candidates) => CrossFit.Best([.. candidates.Select(c => c.Outcomes.Win)]);

    private static double[] FallOf(EvaluatedCheckpoint[] run)
    {
        double[] best = BestOf(run);
        return [.. run[^1].Outcomes.Win.Select((last, prompt) => best[prompt] - last)];
    }

    /// <param name="path">The SFT model first, by whose implicit reward every win is even.</param>
    private static double[] AreaOf(EvaluatedCheckpoint[] path)
    {
        double[][] gaps =
        [
            .. path.Select((c, i) => (double[])[.. c.Outcomes.Win.Select((win, prompt) =>
                (i == 0 ? 0 : c.Outcomes.ProxyWin![prompt] - 0.5) - (win - path[0].Outcomes.Win[prompt]))]),
        ];
        double[] area = new double[gaps[0].Length];
        for (int i = 1; i < path.Length; i++)
        {
            double step = path[i].Point.SqrtKl - path[i - 1].Point.SqrtKl;
            for (int prompt = 0; prompt < area.Length; prompt++)
            {
                area[prompt] += step * (gaps[i - 1][prompt] + gaps[i][prompt]) / 2;
            }
        }

        return area;
    }

    private double[]? At(EvaluatedCheckpoint[] run, int seed, double sqrtKl)
    {
        EvaluatedCheckpoint? start = Start(seed);
        EvaluatedCheckpoint[] path = start is null ? run : [start, .. run];
        for (int i = 1; i < path.Length; i++)
        {
            (double near, double far) = (path[i - 1].Point.SqrtKl, path[i].Point.SqrtKl);
            if (sqrtKl >= near && sqrtKl <= far)
            {
                double share = far == near ? 1 : (sqrtKl - near) / (far - near);
                (double[] before, double[] after) = (path[i - 1].Outcomes.Win, path[i].Outcomes.Win);
                return [.. before.Select((win, prompt) => win + (share * (after[prompt] - win)))];
            }
        }

        return null;
    }

    private EvaluatedCheckpoint? Start(int seed) => sft.FirstOrDefault(c => c.Point.Seed == seed) ?? sft.FirstOrDefault();

    private double Spent(EvaluatedCheckpoint checkpoint, SpentKind kind) =>
        kind == SpentKind.Labels ? checkpoint.Point.Examples : flops![CheckpointKey.Of(checkpoint.Point)];

    private static double[] Mean(double[][] rows) => [.. rows[0].Select((_, prompt) => rows.Average(row => row[prompt]))];
}
