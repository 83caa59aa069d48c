using Goodhart.Evaluation.Points;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>Every run's last checkpoint, with the best win rate on the way to it.</summary>
internal static class RunsSection
{
    private static readonly TableColumn[] Columns =
    [
        new("Model", false), new("Loss", false), new("β", true), new("√KL", true), new("Win rate", true), new("Best in the epoch", true), new("Gold", true),
        new("Length", true), new("EOS", true), new("Repetition", true), new("Accuracy", true), new("log π chosen", true),
    ];

    public static Section? Build(StudyResults results)
    {
        var order = new StudyOrder(results);
        var last = results.Points.GroupBy(p => (p.Model, p.Loss, p.Beta, p.Seed)).Select(g => (Last: g.MaxBy(p => p.Fraction)!, Best: g.MaxBy(p => p.WinRate)!)).ToList();
        if (last.Count == 0)
        {
            return null;
        }

        var best = last.ToDictionary(r => r.Last, r => r.Best);
        var sorted = order.Sort(best.Keys).ToList();
        var manySeeds = results.Study.Seeds.Count > 1;
        var rows = sorted.Select((p, k) => Row(p, best[p], manySeeds, k > 0 && (sorted[k - 1].Model, sorted[k - 1].Loss) != (p.Model, p.Loss)));
        var table = new HtmlTable(
            "Last checkpoint of every run. ± is one standard error over prompts; gold is the mean gold reward, EOS the share of responses that end by themselves, "
            + "repetition the share of repeated 4-grams, accuracy that of the implicit reward on held-out pairs.",
            Columns,
            [.. rows]);
        return new Section("runs", "All runs", [table.Render()]);
    }

    private static TableRow Row(CheckpointPoint last, CheckpointPoint best, bool manySeeds, bool startsGroup) => new(
        [
            last.Model,
            LossNames.Display(last.Loss) + (manySeeds && last.Loss.Length > 0 ? $" (seed {Numbers.Setting(last.Seed)})" : string.Empty),
            Numbers.Setting(last.Beta),
            Numbers.Fixed(last.SqrtKl, 2),
            PointText.WinRate(last),
            last.Loss.Length == 0 ? Numbers.None : $"{Numbers.Fixed(best.WinRate, 3)} at {Numbers.Fixed(100 * best.Fraction, 0)} %",
            Numbers.Fixed(last.GoldReward, 2),
            Numbers.Fixed(last.Length, 1),
            Numbers.Fixed(last.EosRate, 3),
            Numbers.Fixed(last.Repetition, 3),
            Numbers.Fixed(last.Accuracy, 3),
            Numbers.Fixed(last.LogProbChosen, 1),
        ],
        startsGroup);
}
