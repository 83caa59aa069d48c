using System.Xml.Linq;

namespace Goodhart.Report.Html;

/// <summary>A table with a caption and column headers; the first cell of a row is its header. Wide tables scroll by themselves, with the
/// keyboard too: a group that can be focused, and no landmark, because a page of many tables would have too many.</summary>
/// <param name="Caption">What the table holds; also its accessible name.</param>
public sealed record HtmlTable(string Caption, IReadOnlyList<TableColumn> Columns, IReadOnlyList<TableRow> Rows)
{
    public XElement Render()
    {
        XElement table = new XElement(
            "table", new XElement("caption", new XElement("span", Caption)), Head(), new XElement("tbody", Rows.Select(RenderRow)));
        return Html.Element(
            "div", "scroll", new XAttribute("role", "group"), new XAttribute("aria-label", Caption), new XAttribute("tabindex", "0"),
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

        XAttribute? id = row.Id is null ? null : new XAttribute("id", row.Id);
        XElement? anchor = row.Id is null ? null : Html.Anchor(row.Id, "this row");
        return Html.Element(
            "tr", row.StartsGroup ? "first" : null, id, row.Cells.Select((cell, column) => RenderCell(cell, column, anchor)));
    }

    private XElement RenderCell(object? cell, int column, XElement? anchor)
    {
        string? css = Columns[column].Css;
        return column == 0 ? Html.Element("th", css, new XAttribute("scope", "row"), cell, anchor) : Html.Element("td", css, cell);
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
/// <param name="Id">Unique in the document: the row can be linked to; null for rows nobody points at.</param>
public sealed record TableRow(IReadOnlyList<object?> Cells, bool StartsGroup = false, string? Id = null);
