using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Fits.Comparison;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Eq. (5) against the two quadratics, by errors on points, and on whole βs, that the fit has not seen; over all groups of a
/// study.</summary>
internal static class LawComparisonClaims
{
    // "Halves" is taken as: cut by a third or more; "similar": within a quarter either way.
    private const double AboutHalf = 2.0 / 3;
    private const double Similar = 1.25;

    public static IEnumerable<Claim?> DecideAll(IReadOnlyList<CheckpointGroup> groups, InterceptKind kind, TestOptions options)
    {
        CheckpointGroup[] near = [.. groups.Select(KlBound.Restrict)];
        return near.SequenceEqual(groups)
            ? Decide(groups, kind, "", "", options)
            : Decide(groups, kind, "", "", options).Concat(Decide(near, kind, "/bounded", ", √KL beyond Tukey's fence left out", options));
    }

    private static IEnumerable<Claim?> Decide(
        IReadOnlyList<CheckpointGroup> groups, InterceptKind kind, string scope, string selection, TestOptions options)
    {
        LawComparison? kl = LawComparison.Of("all", groups, kind, new GaoLaw(), new QuadraticKlLaw(), options);
        LawComparison? root = LawComparison.Of("all", groups, kind, new GaoLaw(), new QuadraticSqrtKlLaw(), options);
        foreach (LeftOut way in LeftOut.Ways)
        {
            (string errors, string words, string suffix) = (way.Errors, way.Words, way.Suffix + scope);
            yield return LawAccuracyClaim.Decide(groups, kind, way, suffix, selection, options);
            string how = $"95 % interval of the ratio of {words} RMSEs (bootstrap over runs)";
            if (kl?.Errors.FirstOrDefault(e => e.Errors == errors) is { } overKl)
            {
                yield return Describe(
                    kl,
                    overKl,
                    $"eq5-halves-rmse/{kl.Intercept}{suffix}",
                    "Eq. 5 halves the RMSE of a quadratic in KL (section 3.2).",
                    Of($"{words} RMSE of eq. 5 over that of the quadratic in KL{selection}"),
                    Below(AboutHalf, Bounds(overKl)),
                    $"supported: the {how} lies below 2/3; contradicted: above 2/3; else inconclusive");
                yield return Describe(
                    kl,
                    overKl,
                    $"eq5-beats-quadratic-kl/{kl.Intercept}{suffix}",
                    "Eq. 5 fits better than a quadratic in KL (section 3.2).",
                    Of($"{words} RMSE of eq. 5 over that of the quadratic in KL{selection}"),
                    Below(1, Bounds(overKl)),
                    $"supported: the {how} lies below 1; contradicted: above 1; else inconclusive");
            }

            if (root?.Errors.FirstOrDefault(e => e.Errors == errors) is { } overRoot)
            {
                ConfidenceInterval interval = Bounds(overRoot);
                bool similar = interval.Low > 1 / Similar && interval.High < Similar;
                bool different = interval.High < 1 / Similar || interval.Low > Similar;
                yield return Describe(
                    root,
                    overRoot,
                    $"eq5-like-quadratic-sqrt-kl/{root.Intercept}{suffix}",
                    "A quadratic in √KL has an error similar to eq. 5's (section 3.2).",
                    Of($"{words} RMSE of eq. 5 over that of the quadratic in √KL{selection}"),
                    similar ? Verdict.Supported : different ? Verdict.Contradicted : Verdict.Inconclusive,
                    $"supported: the {how} lies within 0.8 to 1.25; contradicted: it lies outside; else inconclusive");
            }
        }
    }

    private static Claim Describe(
        LawComparison comparison, ErrorComparison errors, string id, string paper, string statistic, Verdict verdict, string rule) => new(
            id,
            paper,
            $"{statistic}, intercept {comparison.Intercept}",
            errors.Ratio,
            errors.Interval,
            verdict,
            rule,
            Of($"eq. 5 {errors.Rmse:0.0000}, quadratic {errors.RivalRmse:0.0000} over {comparison.Points} points of ")
            + Of($"{comparison.Runs} runs; in sample {comparison.Errors[0].Rmse:0.0000} and {comparison.Errors[0].RivalRmse:0.0000}")
            + (errors.P is { } p ? $"; paired t of log RMSE by run {P(p)}" : "")
            + (comparison.Vuong is { } vuong ? Of($"; Vuong's test t = {vuong.T:0.0} ({P(vuong.P)})") : ""));

    private static ConfidenceInterval Bounds(ErrorComparison errors) =>
        new(errors.Interval.Low, errors.Interval.High ?? double.PositiveInfinity, errors.Interval.Level);
}
