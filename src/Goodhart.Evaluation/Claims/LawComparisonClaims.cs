using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Eq. (5) against the two quadratics, by leave-one-out errors over all groups of a study.</summary>
internal static class LawComparisonClaims
{
    private const int FewestRuns = 3;
    private const string How = "95 % interval of the ratio of leave-one-out RMSEs (bootstrap over runs)";

    // "Halves" is taken as: cut by a third or more; "similar": within a quarter either way.
    private const double AboutHalf = 2.0 / 3;
    private const double Similar = 1.25;

    public static IEnumerable<Claim?> DecideAll(IReadOnlyList<CheckpointGroup> groups, InterceptKind kind, ClaimOptions options)
    {
        if (Ratio(groups, kind, new QuadraticKlLaw(), options) is { } kl)
        {
            string statistic = "leave-one-out RMSE of eq. 5 over that of the quadratic in KL";
            yield return Describe(
                kl,
                kind,
                "eq5-halves-rmse",
                "Eq. 5 halves the RMSE of a quadratic in KL (section 3.2).",
                statistic,
                Below(AboutHalf, kl.Interval),
                $"supported: the {How} lies below 2/3; contradicted: above 2/3; else inconclusive");
            yield return Describe(
                kl,
                kind,
                "eq5-beats-quadratic-kl",
                "Eq. 5 fits better than a quadratic in KL (section 3.2).",
                statistic,
                Below(1, kl.Interval),
                $"supported: the {How} lies below 1; contradicted: above 1; else inconclusive");
        }

        if (Ratio(groups, kind, new QuadraticSqrtKlLaw(), options) is { } root)
        {
            bool similar = root.Interval.Low > 1 / Similar && root.Interval.High < Similar;
            bool different = root.Interval.High < 1 / Similar || root.Interval.Low > Similar;
            yield return Describe(
                root,
                kind,
                "eq5-like-quadratic-sqrt-kl",
                "A quadratic in √KL has an error similar to eq. 5's (section 3.2).",
                "leave-one-out RMSE of eq. 5 over that of the quadratic in √KL",
                similar ? Verdict.Supported : different ? Verdict.Contradicted : Verdict.Inconclusive,
                $"supported: the {How} lies within 0.8 to 1.25; contradicted: it lies outside; else inconclusive");
        }
    }

    private static Claim Describe(
        Comparison comparison, InterceptKind kind, string name, string paper, string statistic, Verdict verdict, string rule)
    {
        string intercept = kind.ToString().ToLowerInvariant();
        return new(
            $"{name}/{intercept}",
            paper,
            $"{statistic}, intercept {intercept}",
            comparison.Value,
            Interval(comparison.Interval, "bootstrap over runs"),
            verdict,
            rule,
            Of($"eq. 5 {comparison.GaoRmse:0.0000}, quadratic {comparison.OtherRmse:0.0000} over {comparison.Points} points of ")
            + Of($"{comparison.Runs} runs"));
    }

    private static Comparison? Ratio(IReadOnlyList<CheckpointGroup> groups, InterceptKind kind, ScalingLaw other, ClaimOptions options)
    {
        // Squared errors by run: a run's checkpoints err together, so runs are what is resampled.
        List<(double Gao, double Other)> runs = [];
        int points = 0;
        foreach (CheckpointGroup group in groups)
        {
            if (Errors(group, kind, new GaoLaw()) is { } gao && Errors(group, kind, other) is { } others)
            {
                points += gao.Length;
                runs.AddRange(group.Checkpoints.Index().GroupBy(c => (c.Item.Point.Beta, c.Item.Point.Seed)).Select(run => (
                    run.Sum(c => gao[c.Index] * gao[c.Index]), run.Sum(c => others[c.Index] * others[c.Index]))));
            }
        }

        if (runs.Count < FewestRuns || runs.Sum(run => run.Other) == 0)
        {
            return null;
        }

        double[] gaoSquares = [.. runs.Select(run => run.Gao)];
        double[] otherSquares = [.. runs.Select(run => run.Other)];
        double[] ratios = Bootstrap.Replicate(
            runs.Count,
            counts => Math.Sqrt(Bootstrap.WeightedMean(gaoSquares, counts) / Bootstrap.WeightedMean(otherSquares, counts)),
            options.Replicates,
            options.Seed,
            "claims/law-comparison");
        return new(
            Math.Sqrt(gaoSquares.Sum() / points),
            Math.Sqrt(otherSquares.Sum() / points),
            Percentiles.Interval(ratios, options.Level),
            points,
            runs.Count);
    }

    private static double[]? Errors(CheckpointGroup group, InterceptKind kind, ScalingLaw law)
    {
        Intercept? intercept = kind switch
        {
            InterceptKind.Free => new FreeIntercept(),
            InterceptKind.None => new NoIntercept(),
            _ => group.Sft is { } sft ? new SftIntercept(sft.WinRate) : null,
        };
        double[] sqrtKl = [.. group.Checkpoints.Select(c => c.Point.SqrtKl)];
        double[] winRates = [.. group.Checkpoints.Select(c => c.WinRate)];
        return intercept is null ? null : LawFit.Fit(law, intercept, sqrtKl, winRates)?.Regression.LeaveOneOutErrors();
    }

    private sealed record Comparison(double GaoRmse, double OtherRmse, ConfidenceInterval Interval, int Points, int Runs)
    {
        public double Value => GaoRmse / OtherRmse;
    }
}
