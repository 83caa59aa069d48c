using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Fits.Pooling;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>The constants α and β of Eq. (5) depend on the size of the model.</summary>
internal static class LawSizeClaims
{
    /// <param name="groups">Seeds apart; each with a win rate.</param>
    public static IEnumerable<Claim?> DecideAll(IReadOnlyList<CheckpointGroup> groups, PromptDraws draws, TestOptions options) =>
        PooledFits.OfStudy(groups, new FitOptions { Seed = options.Seed, Level = options.Level, Replicates = options.Replicates }, draws)
            .GroupBy(fit => fit.Loss).Select(loss => Decide(loss.Key, [.. loss], options));

    private static Claim? Decide(string loss, PooledFit[] fits, TestOptions options)
    {
        PooledFit? shared = fits.FirstOrDefault(fit => fit.Sharing == SizeSharing.Shared.Name);
        PooledFit? own = fits.FirstOrDefault(fit => fit.Sharing == SizeSharing.BySize.Name);
        if (shared is not { RmseHeldOutBeta: > 0 and { } together } || own is not { RmseHeldOutBeta: { } apart, P: { } p })
        {
            return null;
        }

        bool better = apart < together;
        return new(
            $"eq5-depends-on-size/{loss}",
            "The constants α and β of eq. 5 depend on the model's size (section 3.2, after Gao et al.).",
            "RMSE at βs left out of the fit, each size with its own α and β, over that with shared ones",
            apart / together,
            null,
            better && p < options.Alpha ? Verdict.Supported : !better && p >= options.Alpha ? Verdict.Contradicted : Verdict.Inconclusive,
            "supported: own coefficients predict unseen βs better than shared ones, and fit better (F test, wild bootstrap over runs, "
                + Of($"p < {options.Alpha}); ")
            + "contradicted: neither; else inconclusive",
            Of($"held-out RMSE {apart:0.0000} by size, {together:0.0000} shared; {P(p)}; ")
            + string.Join(", ", own.Coefficients.Select(c => Of($"{c.Name} {c.Value:0.00} ") + c.Interval?.Text("0.00"))));
    }
}
