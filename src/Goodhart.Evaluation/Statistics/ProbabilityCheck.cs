namespace Goodhart.Evaluation.Statistics;

/// <summary>Whether stated probabilities are kept: of cases that were given 30 %, three in ten should be so.</summary>
/// <param name="Brier">Mean squared difference between probability and outcome; 0 is perfect.</param>
/// <param name="BaseBrier">That of always stating the outcomes' own mean.</param>
/// <param name="Error">Σ over bins of their share of the cases times |observed − stated|.</param>
/// <param name="Bins">By tenths of the stated probability; empty ones are left out.</param>
public sealed record ProbabilityCheck(double Brier, double BaseBrier, double Error, IReadOnlyList<ProbabilityBin> Bins)
{
    private const int BinCount = 10;

    /// <param name="stated">Probabilities, shape [n], n at least 1.</param>
    public static ProbabilityCheck Of(IReadOnlyList<double> stated, IReadOnlyList<bool> happened)
    {
        if (stated.Count == 0 || stated.Count != happened.Count)
        {
            throw new ArgumentException(
                $"Expected an outcome for each of at least one probability, got {happened.Count} for {stated.Count}.");
        }

        double[] outcome = [.. happened.Select(yes => yes ? 1.0 : 0)];
        double mean = outcome.Average();
        ProbabilityBin[] bins =
        [
            .. Enumerable.Range(0, stated.Count).GroupBy(i => Math.Min(BinCount - 1, (int)(stated[i] * BinCount))).OrderBy(bin => bin.Key)
                .Select(bin => new ProbabilityBin(bin.Count(), bin.Average(i => stated[i]), bin.Average(i => outcome[i]))),
        ];
        return new ProbabilityCheck(
            stated.Zip(outcome, (p, y) => (p - y) * (p - y)).Average(),
            mean * (1 - mean),
            bins.Sum(bin => bin.Count * Math.Abs(bin.Observed - bin.Stated)) / stated.Count,
            bins);
    }
}

/// <param name="Stated">Mean probability of the bin's cases.</param>
/// <param name="Observed">Share of them where it was so.</param>
public sealed record ProbabilityBin(int Count, double Stated, double Observed);
