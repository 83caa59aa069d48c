using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Rewards;

/// <summary>How good a reward model's preferences are on held-out pairs: accuracy, likelihood, and whether σ(margin) is a
/// probability.</summary>
/// <param name="Accuracy">Share of pairs with a positive margin, ties one half; with its standard error.</param>
/// <param name="Loss">Mean −log σ(margin), nats: Eq. (2). log 2 knows nothing.</param>
/// <param name="ExpectedCalibrationError">Σ over bins of their share of the pairs times |accuracy − confidence|.</param>
/// <param name="Bins">The calibration curve, by confidence; empty bins are left out.</param>
public sealed record RewardCalibration(
    MeanEstimate Accuracy, double Loss, double ExpectedCalibrationError, IReadOnlyList<CalibrationBin> Bins)
{
    private const int BinCount = 10;

    /// <param name="margins">r_w − r_l of each pair.</param>
    /// <remarks>Confidence is that of the predicted winner, σ(|margin|), so it lies in [½, 1] and has ten bins of equal width.</remarks>
    public static RewardCalibration Of(IReadOnlyList<double> margins)
    {
        double[] right = [.. margins.Select(margin => margin > 0 ? 1.0 : margin == 0 ? 0.5 : 0)];
        double[] confidence = [.. margins.Select(margin => 1 / (1 + Math.Exp(-Math.Abs(margin))))];
        CalibrationBin[] bins =
        [
            .. Enumerable.Range(0, margins.Count)
                .GroupBy(i => Math.Min(BinCount - 1, (int)((confidence[i] - 0.5) * 2 * BinCount)))
                .OrderBy(bin => bin.Key)
                .Select(bin => new CalibrationBin(
                    bin.Count(), bin.Average(i => confidence[i]), MeanEstimate.Of([.. bin.Select(i => right[i])]))),
        ];
        return new RewardCalibration(
            MeanEstimate.Of(right),
            margins.Average(margin => Math.Max(-margin, 0) + Math.Log(1 + Math.Exp(-Math.Abs(margin)))),
            bins.Sum(bin => (double)bin.Count / margins.Count * Math.Abs(bin.Accuracy.Mean - bin.Confidence)),
            bins);
    }
}

/// <param name="Confidence">Mean σ(|margin|) of the bin's pairs.</param>
public sealed record CalibrationBin(int Count, double Confidence, MeanEstimate Accuracy);
