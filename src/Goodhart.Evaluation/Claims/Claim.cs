using Goodhart.Evaluation.Fits;

namespace Goodhart.Evaluation.Claims;

/// <summary>A claim of the paper, decided by a stated rule on this run: an element of results.json's claims.</summary>
/// <param name="Id">Stable name, for example "hump/dpo/M".</param>
/// <param name="Paper">What the paper says, in our words.</param>
/// <param name="Statistic">What was computed.</param>
/// <param name="Rule">How the verdict follows from the statistic.</param>
/// <param name="Reading">One line a person reads: the numbers behind the verdict.</param>
public sealed record Claim(
    string Id,
    string Paper,
    string Statistic,
    double? Value,
    FitInterval? Interval,
    Verdict Verdict,
    string Rule,
    string Reading);

public enum Verdict
{
    Supported,
    Contradicted,
    Inconclusive,
}
