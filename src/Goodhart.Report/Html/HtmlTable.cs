using System.Xml.Linq;

namespace Goodhart.Report.Html;

/// <summary>A table with a caption and column headers; the first cell of a row is its header. Wide tables scroll by themselves.</summary>
/// <param name="Caption">What the table holds; also its accessible name.</param>
public sealed record HtmlTable(string Caption, IReadOnlyList<TableColumn> Columns, IReadOnlyList<TableRow> Rows)
{
    public XElement Render()
    {
        var table = new XElement("table", new XElement("caption", Caption), Head(), new XElement("tbody", Rows.Select(RenderRow)));
        return Html.Element(
            "div", "scroll", new XAttribute("role", "region"), new XAttribute("aria-label", Caption), new XAttribute("tabindex", "0"),
                table);
    }

    private XElement Head() => new("thead", new XElement("tr", Columns.Select(
        c => Html.Element("th", c.Css, new XAttribute("scope", "col"), c.Title))));

    private XElement RenderRow(TableRow row)
    {
        if (row.Cells.Count != Columns.Count)
        {
            throw new ArgumentException($"Table '{Caption}': expected {Columns.Count} cells, found {row.Cells.Count}.");
        }

        return Html.Element("tr", row.StartsGroup ? "first" : null, row.Cells.Select(RenderCell));
    }

    private XElement RenderCell(object? cell, int column)
    {
        var css = Columns[column].Css;
        return column == 0 ? Html.Element("th", css, new XAttribute("scope", "row"), cell) : Html.Element("td", css, cell);
    }
}

/// <param name="Css">How its cells are set; null for running text.</param>
public sealed record TableColumn(string Title, string? Css)
{
    /// <summary>Running text, broken where it must be.</summary>
    public static TableColumn Text(string title) => new(title, null);

    /// <summary>A few words that stay on one line.</summary>
    public static TableColumn Phrase(string title) => new(title, "phrase");

    /// <summary>Right-aligned, on one line.</summary>
    public static TableColumn Number(string title) => new(title, "number");
}

/// <param name="Cells">Text or elements, one for each column; null for an empty cell.</param>
/// <param name="StartsGroup">A thin line above: a new group of rows begins.</param>
public sealed record TableRow(IReadOnlyList<object?> Cells, bool StartsGroup = false);
