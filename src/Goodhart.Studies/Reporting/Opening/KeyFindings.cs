using System.Xml.Linq;
using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting.Opening;

/// <summary>Five things to know, each a sentence with its numbers and a link to its chapter: the first five, in a fixed order, that this
/// run can say.</summary>
internal static class KeyFindings
{
    private const int Most = 5;

    /// <param name="chapters">Anchors of the chapters that the page has: no finding points at one that it does not have.</param>
    /// <param name="all">With the remedied losses.</param>
    public static IEnumerable<XElement> Render(StudyResults results, StudyResults all, IReadOnlySet<string> chapters)
    {
        List<XElement> found =
        [
            .. Candidates(results, all).OfType<Finding>().Take(Most).Select(finding => new XElement("li", finding.Text,
                chapters.Contains(finding.Chapter) ? new object[] { " ", Html.Link("#" + finding.Chapter, "More") } : [])),
        ];
        return found.Count == 0 ? [] : [Html.Element("h3", null, "Findings"), Html.Element("ol", "findings", found)];
    }

    private static IEnumerable<Finding?> Candidates(StudyResults results, StudyResults all) =>
    [
        Hump(results),
        Remedies(all),
        Losses(results),
        Likelihoods(results),
        Metrics(results),
        Length(results),
        Law(results),
        Stopping(results),
    ];

    private static Finding? Hump(StudyResults results)
    {
        List<Claim> humps = Kind(results, "hump");
        return humps.Where(c => c.Verdict == Verdict.Supported).MaxBy(c => c.Value) is not { } widest ? null : new Finding(
            $"The decline is beyond chance in {Fraction(humps)}; the widest is that of {Group(widest)}: the best interior checkpoint’s win "
            + $"rate is {Numbers.Fixed(widest.Value, 3)}{Interval(widest)} above that at the largest √KL.",
            "claims");
    }

    private static Finding? Losses(StudyResults results)
    {
        List<CheckpointPoint> best = [.. new StudyOrder(results).Losses
            .Select(loss => results.Points.Where(p => p.Loss == loss && p.WinRate is not null).MaxBy(p => p.WinRate))
            .OfType<CheckpointPoint>()];
        return best.Count < 2 ? null : new Finding(
            "At their best: " + string.Join(", ", best.OrderByDescending(p => p.WinRate)
                .Select(p => $"{LossNames.Display(p.Loss)} {PointText.WinRate(p)} (√KL {Numbers.Fixed(p.SqrtKl, 2)})"))
            + ". Each is the highest of its loss, over β, sizes and checkpoints.",
            "runs");
    }

    private static Finding? Likelihoods(StudyResults results)
    {
        List<Claim> falls = Kind(results, "chosen-log-probs-fall");
        return falls.Count == 0 ? null : new Finding(
            $"Log-probs of the chosen responses fall in {Fraction(falls)}"
            + (Kind(results, "best-has-fallen-log-probs") is { Count: > 0 } best
                ? $", and at the best checkpoint too in {Fraction(best)}." : "."),
            "likelihoods");
    }

    private static Finding? Metrics(StudyResults results)
    {
        string[] parts = [.. new[] { ("no-accuracy-correlation", "accuracy"), ("no-loss-correlation", "loss") }
            .Select(kind => (Claims: Kind(results, kind.Item1), Name: kind.Item2)).Where(kind => kind.Claims.Any(c => c.Value is not null))
            .Select(kind => $"{kind.Name} r {Numbers.Fixed(kind.Claims.Min(c => c.Value), 2)} to "
                + $"{Numbers.Fixed(kind.Claims.Max(c => c.Value), 2)}, “no relation” {Counts(kind.Claims)}")];
        return parts.Length == 0 ? null
            : new Finding($"Held-out numbers against the win rate, within a size: {string.Join("; ", parts)}.", "metrics");
    }

    private static Finding? Length(StudyResults results)
    {
        if (BestCheckpoint.Of(results) is not { } best
            || results.Length.FirstOrDefault(r => r.Checkpoint == CheckpointKey.Of(best)) is not { Controlled.Refused: null } reading)
        {
            return null;
        }

        return new Finding(
            $"Controlled for length, the best checkpoint’s win rate is "
            + $"{Numbers.WithError(reading.Controlled.WinRate, reading.Controlled.StandardError)} instead of {PointText.WinRate(best)}.",
            "length");
    }

    private static Finding? Law(StudyResults results) =>
        results.Fits.Count == 0 ? null : new Finding($"Laws of the win rate: {FitsSection.Reading(results)}", "fits");

    private static Finding? Stopping(StudyResults results) =>
        results.Forecasts is { Declines.Count: > 0 } forecasts ? new Finding(ForecastSection.Reading(forecasts), "forecasts") : null;

    private static Finding? Remedies(StudyResults all) =>
        all.Remedies.Count == 0 ? null : new Finding(RemediesSection.Reading(all), "remedies");

    private static List<Claim> Kind(StudyResults results, string kind) => [.. results.Claims.Where(c => c.Id.Split('/')[0] == kind)];

    private static string Fraction(List<Claim> claims) =>
        $"{claims.Count(c => c.Verdict == Verdict.Supported)} of {Words.Count(claims.Count, "group")}"
        + (claims.Count(c => c.Verdict == Verdict.Contradicted) is > 0 and int no ? $" (contradicted in {no})" : "");

    private static string Counts(List<Claim> claims) =>
        $"supported in {claims.Count(c => c.Verdict == Verdict.Supported)}, contradicted in "
        + $"{claims.Count(c => c.Verdict == Verdict.Contradicted)} of {claims.Count}";

    private static string Group(Claim claim)
    {
        string[] parts = claim.Id.Split('/');
        return string.Join(" at ", parts[1..].Select((p, k) => k == 0 ? LossNames.Display(p) : p));
    }

    private static string Interval(Claim claim) => claim.Interval is null ? "" : " " + IntervalText.Of(claim.Interval, 3);

    private sealed record Finding(string Text, string Chapter);
}
