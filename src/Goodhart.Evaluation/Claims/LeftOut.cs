using Goodhart.Evaluation.Fits.Comparison;

namespace Goodhart.Evaluation.Claims;

/// <summary>What a law is not shown before it predicts it.</summary>
/// <param name="Errors">Its name among a comparison's errors.</param>
/// <param name="Suffix">The end of a claim's id: nothing for single points, "/unseen-beta" for whole βs.</param>
/// <param name="Words">In sentences.</param>
/// <param name="Residuals">The prediction errors; null where they do not exist.</param>
internal sealed record LeftOut(string Errors, string Suffix, string Words, Func<LawResiduals, double[]?> Residuals)
{
    public static IReadOnlyList<LeftOut> Ways { get; } =
    [
        new(LawComparison.LeaveOneOut, "", "leave-one-out", residuals => residuals.LeaveOneOut),
        new(LawComparison.LeaveOneBetaOut, "/unseen-beta", "leave-one-β-out", residuals => residuals.LeaveOneBetaOut),
    ];
}
