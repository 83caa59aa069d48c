using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits;

/// <summary>
/// Resamples the evaluation prompts, jointly for all checkpoints and the SFT anchor (they share the prompts, so their errors move
/// together), and
/// the alignment seeds where a group has several. Replicate r draws the same prompts in every group of a study.
/// </summary>
/// <remarks>What it does not contain: the error of the law itself, and of the run where a group has one seed.</remarks>
public sealed class PromptBootstrap
{
    private readonly EvaluatedCheckpoint[] checkpoints;
    private readonly EvaluatedCheckpoint? anchor;
    private readonly int[][] bySeed;

    /// <param name="checkpoints">A group's points, without the SFT model; at least one.</param>
    /// <param name="anchor">The SFT model on the same prompts.</param>
    public PromptBootstrap(IReadOnlyList<EvaluatedCheckpoint> checkpoints, EvaluatedCheckpoint? anchor, int replicates, ulong seed)
    {
        EvaluatedCheckpoint.RequireCommonPrompts(anchor is null ? checkpoints : [.. checkpoints, anchor]);
        this.checkpoints = [.. checkpoints];
        this.anchor = anchor;
        bySeed = [.. this.checkpoints.Index().GroupBy(c => c.Item.Point.Seed).Select(group => group.Select(c => c.Index).ToArray())];

        double[] counts = new double[checkpoints[0].Outcomes.Win.Length];
        ulong promptKey = Philox.Key(seed, "fits/prompt-bootstrap");
        ulong seedKey = Philox.Key(seed, "fits/seed-bootstrap");
        Resamples = [.. Enumerable.Range(0, replicates).Select(replicate =>
        {
            Bootstrap.DrawCounts(new RandomStream(promptKey, (uint)replicate), counts);
            return Resample(counts, DrawRows(new RandomStream(seedKey, (uint)replicate)));
        })];
    }

    /// <summary>One set of points per replicate.</summary>
    public IReadOnlyList<ResampledPoints> Resamples { get; }

    /// <summary>How its intervals are named.</summary>
    public string Method => bySeed.Length > 1 ? "bootstrap over prompts and seeds" : "bootstrap over prompts";

    /// <summary>Peaks of refits, one per replicate; infinite where a refit has none.</summary>
    public IReadOnlyList<(double SqrtKl, double WinRate)> Peaks(ScalingLaw law, Intercept intercept) => [.. Resamples.Select(points =>
    {
        Intercept resampled = intercept is SftIntercept && points.SftWinRate is { } winRate ? new SftIntercept(winRate) : intercept;
        double[,] design = LawRegression.Design(law, resampled, points.SqrtKl);
        return LawRegression.RefitPeak(law, resampled, design, LawRegression.Response(resampled, points.WinRates));
    })];

    private ResampledPoints Resample(double[] counts, int[] rows)
    {
        double[] sqrtKl = new double[rows.Length];
        double[] winRates = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            PerPromptOutcomes outcomes = checkpoints[rows[i]].Outcomes;
            sqrtKl[i] = Math.Sqrt(Math.Max(0, Bootstrap.WeightedMean(outcomes.Kl, counts)));
            winRates[i] = Bootstrap.WeightedMean(outcomes.Win, counts);
        }

        return new(sqrtKl, winRates, anchor is null ? null : Bootstrap.WeightedMean(anchor.Outcomes.Win, counts));
    }

    private int[] DrawRows(RandomStream random) => bySeed.Length <= 1
        ? [.. Enumerable.Range(0, checkpoints.Length)]
        : [.. bySeed.SelectMany(_ => bySeed[random.NextInt(bySeed.Length)])];
}

/// <summary>A group's points on one resample of the prompts. A seed drawn twice contributes its points twice.</summary>
public sealed record ResampledPoints(double[] SqrtKl, double[] WinRates, double? SftWinRate);
