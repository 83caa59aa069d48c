using Goodhart.Evaluation.Divergence;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>Section 3.5: figure 5 both ways, Eq. (7) against the forward KL itself, and where log-probs go.</summary>
internal static class LikelihoodSection
{
    private const double Significant = 1.96;

    public static Section? Build(StudyResults results, IReadOnlyList<FigureBlock> figures)
    {
        if (figures.Count == 0)
        {
            return null;
        }

        List<IGrouping<(string Loss, string Model), ForwardKlReading>> groups = results.ForwardKl.GroupBy(
            r => (r.Checkpoint.Loss, r.Checkpoint.Model)).ToList();
        HtmlTable table = new HtmlTable(
            "Eq. (7), on held-out chosen responses, beside the forward KL on samples of the SFT model: nats, means over a group’s "
                + "checkpoints; "
            + "the last column counts checkpoints where the two differ by more than 1.96 standard errors.",
            [
                TableColumn.Phrase("Group"), TableColumn.Number("Eq. (7)"), TableColumn.Number("Sampled"), TableColumn.Number("Difference"),
                TableColumn.Number("Differ"),
            ],
            [.. groups.Select(g => Row(g.Key.Loss, g.Key.Model, [.. g]))]);
        return new Section(
            "likelihoods", "Decreasing likelihoods",
            [
                .. figures.Select(f => f.Render()),
                .. groups.Count == 0 ? (System.Xml.Linq.XElement[])[] : [table.Render()],
                .. results.ForwardKlFits.Count == 0 ? (System.Xml.Linq.XElement[])[] : [FitsSection.Details(
                    results, results.ForwardKlFits, "Fits of the win rate against the root of a forward KL (peak and d are those roots)")],
            ]);
    }

    private static TableRow Row(string loss, string model, IReadOnlyList<ForwardKlReading> readings) => new(
    [
        $"{LossNames.Display(loss)}, {model}",
        Numbers.Fixed(readings.Average(r => r.Eq7), 2),
        Numbers.Fixed(readings.Average(r => r.Sampled), 2),
        Numbers.Fixed(readings.Average(r => r.Difference), 2),
        $"{Numbers.Count(readings.Count(r => Math.Abs(r.Z ?? 0) > Significant))} of {Numbers.Count(readings.Count)}",
    ]);
}
