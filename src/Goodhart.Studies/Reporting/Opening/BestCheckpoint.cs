using System.Xml.Linq;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting.Opening;

/// <summary>The checkpoint with the highest win rate, and what it costs to stop there.</summary>
internal static class BestCheckpoint
{
    /// <summary>Null where nothing was judged.</summary>
    public static CheckpointPoint? Of(StudyResults results) =>
        results.Points.Where(p => p.Loss.Length > 0 && p.WinRate is not null).MaxBy(p => p.WinRate);

    /// <summary>The judged points of its loss and size.</summary>
    public static IEnumerable<CheckpointPoint> Group(StudyResults results, CheckpointPoint best) =>
        results.Points.Where(p => p.WinRate is not null && p.Loss == best.Loss && p.Model == best.Model);

    /// <summary>The model that it started as.</summary>
    public static CheckpointPoint? SftOf(StudyResults results, CheckpointPoint best)
    {
        List<CheckpointPoint> own = [.. results.Points.Where(p => p.Model == best.Model && p.Loss.Length == 0 && p.WinRate is not null)];
        return own.FirstOrDefault(p => p.Seed == best.Seed) ?? own.FirstOrDefault();
    }

    /// <summary>Nothing where nothing was judged.</summary>
    public static IEnumerable<XElement> Render(StudyResults results)
    {
        if (Of(results) is not { } best)
        {
            yield break;
        }

        int judged = results.Points.Count(p => p.Loss.Length > 0 && p.WinRate is not null);
        yield return Html.Element("h3", null, "The best checkpoint, and what it costs to stop there");
        yield return Html.Facts(
        [
            ("Checkpoint", Name(best)),
            ("Win rate", $"{PointText.WinRate(best)}, the highest of {Words.Count(judged, "checkpoint")} on the same prompts, and so a "
                + "little flattered: chapter “When to stop” chooses on half of the prompts and reads on the rest"),
            ("KL spent", $"{Numbers.Fixed(best.Kl, 2)} nats per response (√KL {Numbers.Fixed(best.SqrtKl, 2)})"),
            .. Training(results, best),
            .. Length(results, best),
        ]);
    }

    private static string Name(CheckpointPoint best) => best.BestOf is { } n ? $"{best.Model}, best of {Numbers.Count(n)}"
        : $"{PointText.Name(best)}, {Numbers.Percent(best.Fraction)} of the epoch";

    private static IEnumerable<(string Term, object? Value)> Training(StudyResults results, CheckpointPoint best)
    {
        if (best.BestOf is { } n)
        {
            yield return ("Cost", $"no training; {Numbers.Count(n)} samples and scores for each response");
            yield break;
        }

        List<CheckpointPoint> run = [.. Group(results, best).Where(p => p.Beta == best.Beta && p.Seed == best.Seed && p.BestOf is null)];
        CheckpointPoint last = run.MaxBy(p => p.Fraction)!;
        string seen = best.Examples == 0 ? ""
            : $"{Words.Count((int)best.Examples, RlhfMethods.Contains(best.Loss) ? "response" : "pair")}, ";
        yield return ("Training", seen + (last == best ? "the whole run"
            : $"{Numbers.Percent(best.Fraction / last.Fraction)} of the run; trained to its end it has {PointText.WinRate(last)}"));
    }

    private static IEnumerable<(string Term, object? Value)> Length(StudyResults results, CheckpointPoint best)
    {
        if (best.Length is { } length && SftOf(results, best)?.Length is { } before)
        {
            yield return ("Length", $"{Numbers.Fixed(length, 1)} tokens; the SFT model’s responses have {Numbers.Fixed(before, 1)}");
        }
    }
}
