using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits.Pooling;

/// <summary>Eq. (5) fitted to all sizes of a loss together, each size from its own SFT win rate: an element of results.json's
/// pooledFits.</summary>
/// <param name="Loss">Whose checkpoints.</param>
/// <param name="Sharing">What sizes have in common; see <see cref="SizeSharing"/>.</param>
/// <param name="Coefficients">For example "alpha/S" where a size has its own, "alpha" where sizes share it, "alpha·log10(N)" for a
/// trend. Intervals by bootstrap over prompts and seeds.</param>
/// <param name="Rmse">√(rss/n).</param>
/// <param name="RmseHeldOutBeta">Each β of all sizes predicted from the other βs.</param>
/// <param name="Aic">Gaussian errors, the variance counted; smaller is better.</param>
/// <param name="F">Against the shared coefficients, which are a special case; null for those themselves.</param>
/// <param name="P">Of F: wild bootstrap by run (<see cref="ClusterFTest"/>), because checkpoints of a run err together. It takes the SFT
/// win
/// rates as known; the coefficients' intervals do not.</param>
public sealed record PooledFit(
    string Loss,
    string Sharing,
    IReadOnlyList<FitCoefficient> Coefficients,
    int Count,
    double Rmse,
    double? RmseHeldOutBeta,
    double Aic,
    double Bic,
    double? F,
    double? P);
