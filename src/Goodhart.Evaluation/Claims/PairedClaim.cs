using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>A claim decided by the mean over prompts of a difference and its interval.</summary>
/// <param name="Verdict">From the interval.</param>
internal sealed record PairedClaim(string Id, string Paper, string Statistic, string Rule, Func<ConfidenceInterval, Verdict> Verdict)
{
    /// <param name="differences">By prompt.</param>
    /// <param name="reading">From the test.</param>
    public Claim Decide(double[] differences, Func<PairedDifference, string> reading, TestOptions options)
    {
        PairedDifference test = PairedDifference.Of(differences);
        ConfidenceInterval interval = test.Interval(options.Level);
        return new(Id, Paper, Statistic, test.Mean, Interval(interval, "paired t over prompts"), Verdict(interval), Rule, reading(test));
    }
}
