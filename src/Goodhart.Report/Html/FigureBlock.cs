using System.Xml.Linq;
using Goodhart.Report.Charts;
using Goodhart.Report.Svg;
using Goodhart.Report.Text;

namespace Goodhart.Report.Html;

/// <summary>A figure as the page shows it: drawing, caption, what this run says, what the source says, and the numbers.</summary>
/// <param name="Heading">For example "Figure 1. Win rate against √KL".</param>
/// <param name="Caption">How to read the drawing.</param>
/// <param name="Reading">What the data show, computed from them.</param>
/// <param name="Paper">What the paper says about the same.</param>
public sealed record FigureBlock(string Heading, Figure Figure, string Caption, string Reading, string Paper, CsvTable Data)
{
    /// <summary>A longer table is left to the file: a page that opens at once has room for few of them.</summary>
    private const int MostRows = 80;

    /// <exception cref="ArgumentException">A text or the data are empty: a figure without them cannot be judged.</exception>
    public XElement Render()
    {
        RefuseEmpty();
        string id = Figure.Id;
        return Html.Element(
            "div",
            "figure",
            new XAttribute("id", id),
            Html.Heading(3, id, Heading),
            new XElement(
                "figure",
                new XAttribute("aria-label", Heading),
                Drawing(Figure),
                new XElement(
                    "figcaption",
                    Html.Paragraph(Caption),
                    Labelled("reading", "This run: ", Reading),
                    Labelled("paper", "The paper: ", Paper),
                    Downloads())),
            Data.Rows.Count <= MostRows ? DataTable() : null);
    }

    /// <summary>The drawing in a frame that scrolls where the window is narrower than its letters allow, with the keyboard too.</summary>
    public static XElement Drawing(Figure figure) => Html.Element(
        "div", "drawing", new XAttribute("role", "group"), new XAttribute("aria-label", "Drawing: " + figure.Title),
        new XAttribute("tabindex", "0"),
        FigureSvg.Render(figure));

    private void RefuseEmpty()
    {
        (string Part, bool Empty)[] parts =
        [
            ("heading", Heading.Length == 0), ("caption", Caption.Length == 0), ("reading", Reading.Length == 0),
            ("paper's claim", Paper.Length == 0),
            ("numbers", Data.Rows.Count == 0),
        ];
        if (parts.Where(p => p.Empty).Select(p => p.Part).ToList() is { Count: > 0 } missing)
        {
            throw new ArgumentException(
                $"Figure {Figure.Id}: expected heading, caption, reading, the paper's claim and numbers; missing: "
                    + $"{string.Join(", ", missing)}.");
        }
    }

    private static XElement Labelled(string css, string label, string text) =>
        Html.Element("p", css, Html.Element("span", "label", label), text);

    // The link carries the data, so that it works wherever the page is copied to.
    private XElement Downloads() => Html.Element(
        "p",
        "small muted screen",
        "Files: ",
        new XElement(
            "a",
            new XAttribute("download", Figure.Id + ".csv"),
            new XAttribute(
                "href", "data:text/csv;charset=utf-8," + Uri.EscapeDataString(Data.Write()).Replace("%2C", ",", StringComparison.Ordinal)),
            $"the numbers ({Figure.Id}.csv)"),
        ", ",
        Html.Link($"figures/{Figure.Id}.svg", "the drawing"),
        " beside this page.");

    private XElement DataTable()
    {
        List<bool> numeric = Data.Columns.Select((_, k) => Data.Rows.Any(r => r[k] is double or int or long)).ToList();
        List<TableColumn> columns = Data.Columns.Select((c, k) => numeric[k] ? TableColumn.Number(c) : TableColumn.Text(c)).ToList();
        List<TableRow> rows = Data.Rows.Select(r => new TableRow([.. r.Select(Show)])).ToList();
        return new XElement(
            "details",
            new XElement("summary", $"{Data.Rows.Count} {(Data.Rows.Count == 1 ? "row" : "rows")} behind this figure"),
            new HtmlTable("The numbers behind: " + Heading, columns, rows).Render());
    }

    private static string Show(object? cell) => cell is double number ? Numbers.Setting(Math.Round(number, 4)) : CsvTable.Cell(cell);
}
