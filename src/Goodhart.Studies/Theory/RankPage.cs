using Goodhart.Report.Html;
using Goodhart.Steps.Publishing;

namespace Goodhart.Studies.Theory;

/// <summary>A rank result as a page.</summary>
public static class RankPage
{
    /// <param name="folder">Already ours: gets report.html and figures/.</param>
    /// <param name="demonstrate">Whether to add the demonstration on the tree.</param>
    public static void Write(RankResult result, bool demonstrate, string folder)
    {
        FigureBlock sizes = ComponentSizesFigure.Build(result.Graph);
        FigureBlock[] figures = demonstrate ? [sizes, SameLossFigure.Build()] : [sizes];
        HtmlDocument page = new(
            $"What the preferences in {result.File} determine",
            [
                Html.Element(
                    "p",
                    "lead",
                    "A preference loss sees a policy through the differences of log-ratios within pairs. This page counts the directions "
                        + "it sees and "
                    + "those it leaves open (Rafailov et al. 2024, section 4)."),
            ],
            [
                new Section("rank", "The query matrix", [Table(result), sizes.Render()]),
                .. demonstrate ? [Demonstration(figures[1])] : (Section[])[],
            ]);
        PageFolder.Write(folder, page.Render(), figures);
    }

    private static System.Xml.Linq.XElement Table(RankResult result) => new HtmlTable(
        "Rank and null space of the query matrix Q",
        [TableColumn.Phrase("quantity"), TableColumn.Number("value"), TableColumn.Text("meaning")],
        [.. RankFacts.Of(result).Select(fact => new TableRow([fact.Term, fact.Value, fact.Meaning]))]).Render();

    private static Section Demonstration(FigureBlock figure) => new(
        "same-loss-policies",
        "The same loss, other policies",
        [
            Html.Paragraph(
                "On the tree of appendix E everything can be written down. All policies of a loss below are probability distributions "
                    + "with the same "
                + "log-ratio of the pair, so their loss is the same."),
            new HtmlTable(
                "Policies with equal loss",
                [.. SameLossRows.Columns.Select((column, k) => k < 2 ? TableColumn.Phrase(column) : TableColumn.Number(column))],
                [.. SameLossRows.Of(SameLossTable.Policies()).Select((row, k) => new TableRow(row, k % 3 == 0))]).Render(),
            figure.Render(),
        ]);
}
