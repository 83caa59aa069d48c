using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Text;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting.Opening;

/// <summary>What happened, in one sentence.</summary>
/// <remarks>
/// “Rose and fell” is said where at least one hump is tested and none is contradicted; “did not fall” where all humps are contradicted;
/// otherwise the sentence says how the tests divide. The numbers are those of the best checkpoint and of its group's largest √KL.
/// </remarks>
internal static class Headline
{
    public static string Of(StudyResults results)
    {
        if (BestCheckpoint.Of(results) is not { } best)
        {
            return "No aligned checkpoint has a win rate: this report shows what was measured without a judge.";
        }

        CheckpointPoint last = BestCheckpoint.Group(results, best).MaxBy(p => p.SqrtKl)!;
        string rise = BestCheckpoint.SftOf(results, best) is { } sft
            ? $"the win rate went from {PointText.WinRate(sft)} (SFT) to {PointText.WinRate(best)}"
            : $"the win rate reached {PointText.WinRate(best)}";
        string fall = last == best ? ", and that is the largest √KL measured"
            : $", and was {PointText.WinRate(last)} at the largest, {Numbers.Fixed(last.SqrtKl, 2)}";
        return $"{Verdict(results)}: {rise} at √KL {Numbers.Fixed(best.SqrtKl, 2)} ({Place(best)}){fall}.";
    }

    private static string Place(CheckpointPoint point) => point.BestOf is { } n ? $"{point.Model}, best of {Numbers.Count(n)}"
        : $"{point.Model}, {LossNames.Display(point.Loss)}, β {Numbers.Setting(point.Beta)}";

    private static string Verdict(StudyResults results)
    {
        List<Claim> humps = [.. results.Claims.Where(c => c.Id.StartsWith("hump/", StringComparison.Ordinal))];
        (int yes, int no) = (humps.Count(c => c.Verdict == Evaluation.Claims.Verdict.Supported),
            humps.Count(c => c.Verdict == Evaluation.Claims.Verdict.Contradicted));
        string groups = $"{Words.Count(humps.Count, "loss × size group")}";
        return (yes, no) switch
        {
            (0, 0) when humps.Count == 0 => "Nothing was tested for a rise and a fall",
            (0, 0) => $"Whether quality fell past a peak is open in all {groups}",
            ( > 0, 0) => $"Quality rose and then fell, beyond chance in {yes} of {groups}",
            (0, _) when no == humps.Count => $"Quality did not fall past a peak in any of {groups}",
            _ => $"Quality rose and then fell in {yes} of {groups}, and did not in {no}",
        };
    }
}
