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
    private readonly int[][] bySeed;
    private readonly ulong seedKey;
    private readonly double[][] kl;
    private readonly double[][] win;
    private readonly double[]? anchor;

    /// <param name="checkpoints">A group's points, without the SFT model; at least one.</param>
    /// <param name="anchor">The SFT model on the same prompts.</param>
    /// <param name="draws">Shared by a study's groups.</param>
    public PromptBootstrap(IReadOnlyList<EvaluatedCheckpoint> checkpoints, EvaluatedCheckpoint? anchor, PromptDraws draws)
    {
        EvaluatedCheckpoint.RequireCommonPrompts(anchor is null ? checkpoints : [.. checkpoints, anchor]);
        bySeed = [.. checkpoints.Index().GroupBy(c => c.Item.Point.Seed).Select(group => group.Select(c => c.Index).ToArray())];
        seedKey = Philox.Key(draws.Seed, "fits/seed-bootstrap");
        kl = [.. checkpoints.Select(c => draws.Means(c.Outcomes.Kl))];
        win = [.. checkpoints.Select(c => draws.Means(c.Outcomes.Win))];
        this.anchor = anchor is null ? null : draws.Means(anchor.Outcomes.Win);
        Replicates = draws.Replicates;
    }

    public int Replicates { get; }

    /// <summary>How its intervals are named.</summary>
    public string Method => bySeed.Length > 1 ? "bootstrap over prompts and seeds" : "bootstrap over prompts";

    /// <summary>Refits of a law, one per replicate.</summary>
    public LawRefits Refits(ScalingLaw law, Intercept intercept) => LawRefits.Of(law, intercept, Replicates, Resample);

    /// <summary>The points of one replicate.</summary>
    public ResampledPoints Resample(int replicate)
    {
        int[] rows = DrawRows(replicate);
        double[] sqrtKl = new double[rows.Length];
        double[] winRates = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            sqrtKl[i] = Math.Sqrt(Math.Max(0, kl[rows[i]][replicate]));
            winRates[i] = win[rows[i]][replicate];
        }

        return new(sqrtKl, winRates, anchor?[replicate]);
    }

    private int[] DrawRows(int replicate)
    {
        if (bySeed.Length <= 1)
        {
            return [.. Enumerable.Range(0, kl.Length)];
        }

        RandomStream random = new(seedKey, (uint)replicate);
        return [.. bySeed.SelectMany(_ => bySeed[random.NextInt(bySeed.Length)])];
    }
}

/// <summary>A group's points on one resample of the prompts. A seed drawn twice contributes its points twice.</summary>
public sealed record ResampledPoints(double[] SqrtKl, double[] WinRates, double? SftWinRate);
