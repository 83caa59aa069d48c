namespace Goodhart.Evaluation.Fits.Comparison;

/// <summary>Two laws' errors on the same points.</summary>
/// <param name="Errors">in-sample, leave-one-out or leave-one-beta-out.</param>
/// <param name="Rmse">Of the law.</param>
/// <param name="RivalRmse">Of its rival.</param>
/// <param name="Ratio">Law over rival: below 1 the law is better.</param>
/// <param name="Interval">Of the ratio, bootstrap over runs.</param>
/// <param name="P">Paired t test over runs of the log of a run's RMSE, law against rival; two-sided. Null where errors vanish.</param>
public sealed record ErrorComparison(string Errors, double Rmse, double RivalRmse, double Ratio, FitInterval Interval, double? P);
