using System.Xml.Linq;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Text;

namespace Goodhart.Studies.Trees;

/// <summary>The tree study's tables: masses by setting and by run, sensitivity.</summary>
internal static class TreeTables
{
    public static XElement Summary(IReadOnlyList<TreeSummary> runs) => new HtmlTable(
        $"Probability mass at the end: means over seeds, with ± their standard deviation. Top OOD: the largest out-of-distribution "
            + $"trajectory; unshared: what would be out of distribution at the same log-ratios of the compared trajectories had no other "
            + $"logit moved, the tabular optimum; top "
        + $"{TreeMasses.Few}: share of the out-of-distribution mass on its {TreeMasses.Few} largest. Entropy and margin Δ in nats",
        [
            TableColumn.Phrase("Policy"), TableColumn.Text("Loss"), TableColumn.Number("β"), TableColumn.Number("OOD"),
            TableColumn.Number("Unshared"), TableColumn.Number("In dist."), TableColumn.Number("Pair"), TableColumn.Number("Chosen"),
            TableColumn.Number("Entropy"),
            TableColumn.Number("Top OOD"), TableColumn.Number($"Top {TreeMasses.Few}"), TableColumn.Number("Δ"),
        ],
        [
            .. runs.GroupBy(run => (run.Policy, run.Loss)).SelectMany(loss => loss.GroupBy(run => run.Beta).Select(
                (beta, place) => SummaryRow([.. beta], startsGroup: place == 0))),
        ]).Render();

    public static XElement Runs(IReadOnlyList<TreeSummary> runs, TreeShape shape) => new(
        "details",
        new XElement("summary", $"{Quantity.Of(runs.Count, "run")}, one by one"),
        new HtmlTable(
            "Every run at its end",
            [
                TableColumn.Phrase("Policy"), TableColumn.Text("Loss"), TableColumn.Number("β"), TableColumn.Number("Seed"),
                    TableColumn.Number("OOD"),
                TableColumn.Number("Peak"), TableColumn.Number("Pair"), TableColumn.Number("Chosen"), TableColumn.Number("Entropy"),
                TableColumn.Phrase("Top OOD trajectory"), TableColumn.Number("its probability"), TableColumn.Number("Δ"),
                    TableColumn.Number("Loss value"),
            ],
            [
                .. runs.Select(run => new TableRow(
                [
                    run.Policy, TreeView.Name(run.Loss), Numbers.Setting(run.Beta), $"{run.Seed}",
                        Numbers.Fixed(run.End.OutOfDistribution, 4),
                    $"{Numbers.Fixed(run.PeakOutOfDistribution, 4)} (step {Numbers.Count(run.PeakStep)})", Numbers.Fixed(run.End.Pair, 4),
                    Numbers.Fixed(run.End.Chosen, 4), Numbers.Fixed(run.End.Entropy, 3), run.TopTrajectory < 0 ? Numbers.None
                        : shape.Label(run.TopTrajectory),
                    Numbers.Fixed(run.TopProbability, 4), Numbers.Fixed(run.Margin, 1), Numbers.Significant(run.FinalLoss),
                ])),
            ]).Render());

    public static XElement Sensitivity(IReadOnlyList<TreeVariant> variants) => new HtmlTable(
        "One thing changed at a time: out-of-distribution mass at the end, mean ± standard deviation over seeds",
        [
            TableColumn.Phrase("Changed"), TableColumn.Number("Demonstrations after SFT"),
            .. variants.Select(v => v.Loss).Distinct().Select(loss => TableColumn.Number(TreeView.Name(loss))),
        ],
        [
            .. variants.GroupBy(variant => variant.Changed).Select(group => new TableRow(
                [group.Key, Numbers.Fixed(group.First().DemonstrationMass, 4),
                    .. group.Select(v => (object?)TreeView.Spread(v.OutOfDistribution))])),
        ]).Render();

    /// <summary>Empty where no loss has an optimum that is known.</summary>
    public static IEnumerable<XElement> Optima(TreeResults results)
    {
        IReadOnlyList<TreeOptimum> optima = TreeOptimum.Of(results);
        if (optima.Count > 0)
        {
            yield return new HtmlTable(
                "What full coverage would give: where the losses end with every pair compared, each label weighted by how often a reward "
                    + $"of {Numbers.Setting(TreeOptimum.Gap)} nats from each trajectory to the next better one gives it. KL to the SFT "
                    + "model in nats; missed: KL from there to where DPO ends with the pairs above alone, whose loss cannot tell the "
                    + "two apart",
                [
                    TableColumn.Text("Loss"), TableColumn.Number("β"), TableColumn.Number("OOD"), TableColumn.Number("KL"),
                    TableColumn.Number("Missed"),
                ],
                [
                    .. optima.Select((end, i) => new TableRow(
                        [
                            TreeView.Name(end.Loss), Numbers.Setting(end.Beta), Numbers.Fixed(end.OutOfDistribution, 4),
                            Numbers.Fixed(end.Kl, 2), Numbers.Fixed(end.Missed, 2),
                        ],
                        i == 0 || optima[i - 1].Loss != end.Loss)),
                ]).Render();
        }
    }

    private static TableRow SummaryRow(TreeSummary[] runs, bool startsGroup) => new(
        [
            runs[0].Policy, TreeView.Name(runs[0].Loss), Numbers.Setting(runs[0].Beta),
            TreeView.Spread(runs.Select(run => run.End.OutOfDistribution)), TreeView.Spread(runs.Select(run => run.Unshared)),
            Mean(runs, run => run.End.InDistribution),
            TreeView.Spread(runs.Select(run => run.End.Pair), 2), Mean(runs, run => run.End.Chosen), Mean(runs, run => run.End.Entropy),
            TreeView.Spread(runs.Select(run => run.TopProbability), 2), Mean(runs, run => run.TopShare), Mean(runs, run => run.Margin),
        ],
        startsGroup);

    private static string Mean(TreeSummary[] runs, Func<TreeSummary, double> measure) => Numbers.Fixed(runs.Average(measure), 2);
}
