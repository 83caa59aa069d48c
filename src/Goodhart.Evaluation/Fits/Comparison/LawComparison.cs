using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits.Comparison;

/// <summary>A law against a rival on the same points: an element of results.json's comparisons.</summary>
/// <param name="Scope">A group ("dpo/M"), or "all": every group with its own coefficients.</param>
/// <param name="Intercept">sft, free or none.</param>
/// <param name="Errors">In sample, leave-one-out and leave-one-β-out, as far as they exist.</param>
/// <param name="Vuong">Null where it does not exist.</param>
public sealed record LawComparison(
    string Scope, string Intercept, string Law, string Rival, int Points, int Runs, IReadOnlyList<ErrorComparison> Errors, VuongTest? Vuong)
{
    public const string InSample = "in-sample";
    public const string LeaveOneOut = "leave-one-out";
    public const string LeaveOneBetaOut = "leave-one-beta-out";

    /// <summary>All groups without their far points (<see cref="KlBound"/>), which otherwise decide every sum of squares.</summary>
    public const string BoundedScope = "all/bounded";

    private const int FewestRuns = 3;

    /// <summary>Eq. (5) against both quadratics, over all groups and in each, from the SFT win rate and with a free intercept.</summary>
    /// <param name="groups">Seeds apart.</param>
    public static IReadOnlyList<LawComparison> OfStudy(IReadOnlyList<CheckpointGroup> groups, TestOptions options)
    {
        (string Scope, CheckpointGroup[] Groups)[] scopes =
            [
                ("all", [.. groups]),
                (BoundedScope, [.. groups.Select(KlBound.Restrict)]),
                .. groups.Count < 2 ? [] : groups.Select(group => (group.Name, new[] { group })),
            ];
        return
        [
            .. from scope in scopes
               from kind in new[] { InterceptKind.Sft, InterceptKind.Free }
               from rival in ScalingLaw.All.Where(law => law is not GaoLaw)
               let comparison = Of(scope.Scope, scope.Groups, kind, new GaoLaw(), rival, options)
               where comparison is not null
               select comparison,
        ];
    }

    /// <summary>Null where fewer than three runs can be compared.</summary>
    public static LawComparison? Of(
        string scope, IReadOnlyList<CheckpointGroup> groups, InterceptKind kind, ScalingLaw law, ScalingLaw rival, TestOptions options)
    {
        (CheckpointGroup Group, LawResiduals Law, LawResiduals Rival)[] fitted =
        [
            .. from g in groups
               let a = LawResiduals.Of(g, kind, law)
               let b = LawResiduals.Of(g, kind, rival)
               where a is not null && b is not null
               select (g, a, b),
        ];
        (double[] Law, double[] Rival)[]? ByRun(Func<LawResiduals, double[]?> way) => fitted.Any(
            f => way(f.Law) is null || way(f.Rival) is null)
            ? null
            : [.. fitted.SelectMany(f => SplitByRun(f.Group, way(f.Law)!, way(f.Rival)!))];

        if (ByRun(residuals => residuals.InSample) is not { } inSample || inSample.Length < FewestRuns)
        {
            return null;
        }

        ErrorComparison?[] errors =
        [
            Compare(InSample, inSample, options),
            Compare(LeaveOneOut, ByRun(residuals => residuals.LeaveOneOut), options),
            Compare(LeaveOneBetaOut, ByRun(residuals => residuals.LeaveOneBetaOut), options),
        ];
        return new(
            scope,
            kind.ToString().ToLowerInvariant(),
            law.Name,
            rival.Name,
            inSample.Sum(run => run.Law.Length),
            inSample.Length,
            [.. errors.OfType<ErrorComparison>()],
            VuongTest.Of([.. inSample.Select(run => run.Law)], [.. inSample.Select(run => run.Rival)]));
    }

    private static IEnumerable<(double[] Law, double[] Rival)> SplitByRun(CheckpointGroup group, double[] law, double[] rival) =>
        group.Checkpoints.Index().GroupBy(c => (c.Item.Point.Beta, c.Item.Point.Seed)).Select(run => (
            run.Select(c => law[c.Index]).ToArray(), run.Select(c => rival[c.Index]).ToArray()));

    // A run's checkpoints err together, so runs are what is resampled and tested.
    private static ErrorComparison? Compare(string name, (double[] Law, double[] Rival)[]? runs, TestOptions options)
    {
        if (runs is null)
        {
            return null;
        }

        double[] law = [.. runs.Select(run => run.Law.Sum(e => e * e))];
        double[] rival = [.. runs.Select(run => run.Rival.Sum(e => e * e))];
        double points = runs.Sum(run => run.Law.Length);
        if (rival.Sum() == 0)
        {
            return null;
        }

        double[] ratios = Bootstrap.Replicate(
            runs.Length,
            counts => Math.Sqrt(Bootstrap.WeightedMean(law, counts) / Bootstrap.WeightedMean(rival, counts)),
            options.Replicates,
            options.Seed,
            "claims/law-comparison");
        return FitInterval.From(Percentiles.Interval(ratios, options.Level), "bootstrap over runs") is { } interval
            ? new(
                name,
                Math.Sqrt(law.Sum() / points),
                Math.Sqrt(rival.Sum() / points),
                Math.Sqrt(law.Sum() / rival.Sum()),
                interval,
                TestOf(law, rival))
            : null;
    }

    // Logs, because a law that one run throws far out would otherwise decide both mean and error by that run alone.
    private static double? TestOf(double[] law, double[] rival)
    {
        double[] logs = [.. law.Zip(rival, (a, b) => 0.5 * Math.Log(a / b)).Where(double.IsFinite)];
        return logs.Length < FewestRuns ? null : PairedDifference.Of(logs).P;
    }
}
