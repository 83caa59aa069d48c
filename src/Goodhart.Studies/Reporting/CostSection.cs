using System.Xml.Linq;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>What was run and at what cost.</summary>
internal static class CostSection
{
    public static Section Build(StudyResults results)
    {
        StudyCost cost = results.Cost;
        XElement setup = Html.Facts(TitleBlock.Facts(results));
        if (cost.WallSeconds == 0)
        {
            return new Section("cost", "What was run", [setup]);   // checkpoints that were made elsewhere: nothing was timed
        }

        XElement facts = Html.Facts(
        [
            ("Wall clock of the last call", Numbers.Seconds(cost.WallSeconds)),
            ("Sum over steps", Numbers.Seconds(cost.ComputeSeconds)),
            ("Floating-point operations", Numbers.Flops(cost.Flops)),
            ("Rate", cost.ComputeSeconds > 0 ? $"{Numbers.Fixed(cost.Flops / cost.ComputeSeconds / 1e9, 1)} GFLOP/s per running step"
                : Numbers.None),
            ("Peak memory", Numbers.Bytes(cost.PeakMemoryBytes)),
        ]);
        HtmlTable table = new HtmlTable(
            "Steps by kind. Cached steps were found done and cost nothing this time.",
            [TableColumn.Text("Step"), TableColumn.Number("Count"), TableColumn.Number("Cached"), TableColumn.Number("Time"),
                TableColumn.Number("FLOP")],
            [.. cost.Steps.Select(s =>
                new TableRow([s.Kind, Numbers.Count(s.Count), Numbers.Count(s.Cached), Numbers.Seconds(s.Seconds),
                    Numbers.Flops(s.Flops)]))]);
        XElement[] steps = cost.Steps.Count > 0 ? [table.Render()] : [];
        return new Section("cost", "What was run, and at what cost", [setup, facts, .. steps]);
    }
}
