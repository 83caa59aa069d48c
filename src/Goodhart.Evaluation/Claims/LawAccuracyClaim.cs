using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Fits.Comparison;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Eq. (5) relates √KL and win rate accurately: it predicts checkpoints, and whole runs of a β, that it has not seen.</summary>
internal static class LawAccuracyClaim
{
    private const int FewestRuns = 3;
    private const double Half = 0.5;

    /// <param name="groups">Seeds apart, each fitted with its own coefficients; those with too few points are left out.</param>
    /// <param name="way">How points are left out of the fit that predicts them.</param>
    /// <param name="scope">The end of the claim's id.</param>
    /// <param name="selection">What was left out altogether, in words.</param>
    public static Claim? Decide(
        IReadOnlyList<CheckpointGroup> groups, InterceptKind kind, LeftOut way, string scope, string selection, TestOptions options)
    {
        RunErrors[] runs = [.. groups.SelectMany(group => ByRun(group, kind, way))];
        if (runs.Length < FewestRuns || runs.Sum(run => run.AboutMean) == 0)
        {
            return null;
        }

        double[] errors = [.. runs.Select(run => run.Squares)];
        double[] spread = [.. runs.Select(run => run.AboutMean)];
        double[] shares = Bootstrap.Replicate(
            runs.Length,
            counts => 1 - (Bootstrap.WeightedMean(errors, counts) / Bootstrap.WeightedMean(spread, counts)),
            options.Replicates,
            options.Seed,
            "claims/law-accuracy");
        ConfidenceInterval interval = Percentiles.Interval(shares.Where(double.IsFinite), options.Level);
        double points = runs.Sum(run => run.Points);
        string intercept = kind.ToString().ToLowerInvariant();
        return new(
            $"eq5-accurate/{intercept}{scope}",
            "The scaling law of eq. 5 relates √KL and win rate accurately (section 3.2).",
            $"share of the win rates' variance about their group's mean that eq. 5 predicts ({way.Words}){selection}, "
                + $"intercept {intercept}",
            1 - (errors.Sum() / spread.Sum()),
            Interval(interval, "bootstrap over runs"),
            Above(Half, interval),
            "supported: the 95 % interval of the share (bootstrap over runs) lies above one half; contradicted: below; else inconclusive",
            Of($"{way.Words} RMSE {Math.Sqrt(errors.Sum() / points):0.000} over {points:0} points; ")
                + "their own standard error over prompts is "
            + Of($"{Math.Sqrt(runs.Sum(run => run.Variance) / points):0.000}, ")
            + Of($"their spread about the group's mean {Math.Sqrt(spread.Sum() / points):0.000}"));
    }

    private static IEnumerable<RunErrors> ByRun(CheckpointGroup group, InterceptKind kind, LeftOut way)
    {
        if (LawResiduals.Of(group, kind, new GaoLaw()) is not { } residuals || way.Residuals(residuals) is not { } errors)
        {
            return [];
        }

        double mean = group.Checkpoints.Average(c => c.WinRate);
        return group.Checkpoints.Index().GroupBy(c => (c.Item.Point.Beta, c.Item.Point.Seed)).Select(run => new RunErrors(
            run.Sum(c => errors[c.Index] * errors[c.Index]),
            run.Sum(c => (c.Item.WinRate - mean) * (c.Item.WinRate - mean)),
            run.Sum(c => Math.Pow(MeanEstimate.Of(c.Item.Outcomes.Win).StandardError ?? 0, 2)),
            run.Count()));
    }

    /// <param name="Squares">Σ of squared prediction errors.</param>
    /// <param name="AboutMean">Σ of squared deviations from the group's mean win rate.</param>
    /// <param name="Variance">Σ of the win rates' variances over prompts.</param>
    private readonly record struct RunErrors(double Squares, double AboutMean, double Variance, int Points);
}
