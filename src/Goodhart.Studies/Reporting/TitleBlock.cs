using System.Xml.Linq;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>What was run, where, and under which conventions the numbers were made.</summary>
internal static class TitleBlock
{
    public static IReadOnlyList<XElement> Build(StudyResults results)
    {
        StudySummary study = results.Study;
        return
        [
            Html.Element("p", "lead", study.Description),
            Html.Facts(
            [
                ("Grid", Grid(results)),
                ("Data", (study.PreferencePairs > 0 ? $"{Numbers.Count(study.PreferencePairs)} preference pairs; " : "")
                    + $"{Numbers.Count(study.EvaluationPrompts)} held-out prompts for every evaluation"),
                ("KL", study.KlConvention),
                ("Machine", $"{study.Machine}; {study.InstructionSet}"),
                ("Version", $"Goodhart {study.Version}"),
                .. results.Cost.WallSeconds > 0
                ? [("Time", $"{Numbers.Seconds(results.Cost.ComputeSeconds)} summed over steps; "
                    + $"{Numbers.Seconds(results.Cost.WallSeconds)} wall clock in the last call")]
                : ((string, string)[])[],
            ]),
        ];
    }

    private static string Grid(StudyResults results)
    {
        StudySummary study = results.Study;
        int runs = results.Points.Where(p => p.Loss.Length > 0).Select(p => (p.Loss, p.Beta, p.Model, p.Seed)).Distinct().Count();
        return $"losses {string.Join(", ", study.Losses.Select(LossNames.Display))}; "
            + $"β {string.Join(", ", study.Betas.Select(b => Numbers.Setting(b)))}; "
            + $"models {string.Join(", ", study.Models.Select(m => m.Name))}; {Words.Count(study.Seeds.Count, "seed")}: "
            + $"{Words.Count(runs, "run")}, {Words.Count(results.Points.Count, "evaluated checkpoint")}";
    }
}
