using Goodhart.Evaluation.Points;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>Every run's last checkpoint, with the best win rate on the way to it.</summary>
internal static class RunsSection
{
    private static readonly (TableColumn Column, Func<Run, string> Cell)[] Columns =
    [
        (TableColumn.Text("Model"), r => r.Last.Model),
        (TableColumn.Phrase("Loss"), r => LossNames.Display(r.Last.Loss)),
        (TableColumn.Number("β"), r => Numbers.Setting(r.Last.Beta)),
        (TableColumn.Number("Seed"), r => r.ManySeeds ? Numbers.Setting(r.Last.Seed) : Numbers.None),
        (TableColumn.Number("√KL"), r => Numbers.Fixed(r.Last.SqrtKl, 2)),
        (TableColumn.Number("Win rate"), r => r.Last.WinRate is null ? Numbers.None : PointText.WinRate(r.Last)),
        (TableColumn.Number("Best, and when"), r =>
            r.Last.Loss.Length == 0 || r.Best.WinRate is null
                ? Numbers.None
                : $"{Numbers.Fixed(r.Best.WinRate, 3)} at {Numbers.Percent(r.Best.Fraction)}"),
        (TableColumn.Number("Gold"), r => Numbers.Fixed(r.Last.GoldReward, 2)),
        (TableColumn.Number("Length"), r => Numbers.Fixed(r.Last.Length, 1)),
        (TableColumn.Number("EOS"), r => Numbers.Fixed(r.Last.EosRate, 3)),
        (TableColumn.Number("Repetition"), r => Numbers.Fixed(r.Last.Repetition, 3)),
        (TableColumn.Number("Accuracy"), r => Numbers.Fixed(r.Last.Accuracy, 3)),
        (TableColumn.Number("log π chosen"), r => Numbers.Fixed(r.Last.LogProbChosen, 1)),
    ];

    public static Section? Build(StudyResults results)
    {
        List<Run> runs = Runs(results);
        if (runs.Count == 0)
        {
            return null;
        }

        // A column that no run has a value for only takes room from the others.
        List<(TableColumn Column, Func<Run, string> Cell)> columns = Columns.Where(c => runs.Any(r => c.Cell(r) != Numbers.None)).ToList();
        HtmlTable table = new HtmlTable(
            "Last checkpoint of every run. ± is one standard error over prompts; gold is the mean gold reward, "
            + "EOS the share of responses that end by themselves, "
            + "repetition the share of repeated 4-grams, accuracy that of the implicit reward on held-out pairs.",
            [.. columns.Select(c => c.Column)],
            [.. runs.Select((run, k) => new TableRow([.. columns.Select(c => c.Cell(run))], k > 0 && !SameGroup(runs[k - 1], run)))]);
        return new Section("runs", "All runs", [table.Render()]);
    }

    private static List<Run> Runs(StudyResults results)
    {
        bool manySeeds = results.Study.Seeds.Count > 1;
        Dictionary<CheckpointPoint, Run> runs = results.Points.GroupBy(p => (p.Model, p.Loss, p.Beta, p.Seed))
            .Select(g => new Run(g.MaxBy(p => p.Fraction)!, g.MaxBy(p => p.WinRate)!, manySeeds))
            .ToDictionary(r => r.Last);
        return [.. new StudyOrder(results).Sort(runs.Keys).Select(p => runs[p])];
    }

    private static bool SameGroup(Run a, Run b) => (a.Last.Model, a.Last.Loss) == (b.Last.Model, b.Last.Loss);

    private sealed record Run(CheckpointPoint Last, CheckpointPoint Best, bool ManySeeds);
}
