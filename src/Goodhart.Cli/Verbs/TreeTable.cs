using System.Globalization;
using Goodhart.Evaluation.Claims;
using Goodhart.Studies.Trees;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary>The tree study on a terminal: a row for each policy, loss and β, and the verdicts.</summary>
internal static class TreeTable
{
    public static void Write(TreeReport report, IAnsiConsole console)
    {
        Table table = Ansi.Table("policy", "loss", "β", "OOD at SFT", "OOD at end (sd)", "pair", "chosen", "entropy", "top OOD trajectory");
        foreach (IGrouping<(string Policy, string Loss, double Beta), TreeSummary> group
            in report.Summaries.GroupBy(run => (run.Policy, run.Loss, run.Beta)))
        {
            TreeSummary[] runs = [.. group];
            table.AddText(
                group.Key.Policy, group.Key.Loss, group.Key.Beta.ToString(CultureInfo.InvariantCulture),
                Fixed(runs.Average(run => run.Start.OutOfDistribution)),
                $"{Fixed(runs.Average(run => run.End.OutOfDistribution))} ({Fixed(Deviation(runs))})",
                Fixed(runs.Average(run => run.End.Pair)), Fixed(runs.Average(run => run.End.Chosen)),
                    Fixed(runs.Average(run => run.End.Entropy)),
                Fixed(runs.Average(run => run.TopProbability)));
        }

        console.Write(table);
        foreach (Claim claim in report.Claims)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{claim.Verdict.ToString().ToLowerInvariant(),-12} {claim.Id}: {claim.Reading}"));
        }
    }

    private static double Deviation(TreeSummary[] runs)
    {
        double mean = runs.Average(run => run.End.OutOfDistribution);
        return runs.Length < 2 ? 0
            : Math.Sqrt(runs.Sum(run => (run.End.OutOfDistribution - mean) * (run.End.OutOfDistribution - mean)) / (runs.Length - 1));
    }

    private static string Fixed(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
