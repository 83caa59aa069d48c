using System.Xml.Linq;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>What was run, where, and under which conventions the numbers were made.</summary>
internal static class TitleBlock
{
    /// <summary>Below the title: the study in its own words.</summary>
    public static IReadOnlyList<XElement> Build(StudyResults results) => [Html.Element("p", "lead", results.Study.Description)];

    /// <summary>The rest of it, for the chapter that says what was run.</summary>
    public static IEnumerable<(string Term, object? Value)> Facts(StudyResults results)
    {
        StudySummary study = results.Study;
        return
        [
            ("Grid", Grid(results)),
            ("Data", (study.PreferencePairs > 0 ? $"{Numbers.Count(study.PreferencePairs)} preference pairs; " : "")
                + $"{Numbers.Count(study.EvaluationPrompts)} held-out prompts for every evaluation"),
            ("KL", study.KlConvention),
            ("Machine", $"{study.Machine}; {study.InstructionSet}"),
            ("Version", $"Goodhart {study.Version}"),
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
