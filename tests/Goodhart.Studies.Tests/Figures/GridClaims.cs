using System.Globalization;
using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;

namespace Goodhart.Studies.Tests.Figures;

/// <summary>Claims with simple unpaired tests, to fill the report: the study's own claims are computed elsewhere.</summary>
internal static class GridClaims
{
    public static IEnumerable<Claim> Build(List<CheckpointPoint> points)
    {
        foreach (IGrouping<string, CheckpointPoint> group in points.Where(p => p.Loss.Length > 0).GroupBy(p => $"{p.Loss}/{p.Model}"))
        {
            (CheckpointPoint? best, CheckpointPoint? last) = (group.MaxBy(p => p.WinRate)!, group.MaxBy(p => p.SqrtKl)!);
            yield return Hump(group.Key, best, last);
            List<(CheckpointPoint First, CheckpointPoint Second)> steps = group.GroupBy(p => p.Beta)
                .Select(g => g.OrderBy(p => p.Fraction).ToList()).SelectMany(r => r.Zip(r.Skip(1)))
                .ToList();
            double share = steps.Count(s => s.Second.Kl > s.First.Kl) / (double)steps.Count;
            yield return new Claim(
                "monotone-kl/" + group.Key, "KL grows almost monotonically during the epoch.",
                    "share of steps between checkpoints in which KL grows", share, null,
                share > 0.8 ? Verdict.Supported : share < 0.5 ? Verdict.Contradicted : Verdict.Inconclusive,
                "supported above 0.8, contradicted below 0.5",
                    string.Create(CultureInfo.InvariantCulture, $"{share:P0} of {steps.Count} steps"));
        }
    }

    private static Claim Hump(string group, CheckpointPoint best, CheckpointPoint last)
    {
        double fall = best.WinRate!.Value - last.WinRate!.Value;
        double error = 2.9 * Math.Sqrt(Math.Pow(best.WinRateSe!.Value, 2) + Math.Pow(last.WinRateSe!.Value, 2));
        return new Claim(
            "hump/" + group, "Win rate rises with KL and falls again: a hump.", "best win rate minus that at the largest KL", fall,
            new FitInterval(fall - error, fall + error, 0.99, "normal, Bonferroni over 5 checkpoints"), fall > error ? Verdict.Supported
                : Verdict.Inconclusive,
            "supported when the interval lies above 0",
                string.Create(CultureInfo.InvariantCulture,
                    $"best {best.WinRate:F3} at √KL {best.SqrtKl:F2}, {last.WinRate:F3} at √KL {last.SqrtKl:F2}"));
    }
}
