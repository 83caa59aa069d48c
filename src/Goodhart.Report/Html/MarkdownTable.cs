using System.Text;
using System.Xml.Linq;

namespace Goodhart.Report.Html;

/// <summary>A table of a report as Markdown, for a document: its caption as a paragraph, then the rows.</summary>
public static class MarkdownTable
{
    public static string Write(HtmlTable table)
    {
        StringBuilder text = new();
        text.Append(table.Caption).Append("\n\n");
        Line(table.Columns.Select(column => column.Title));
        Line(table.Columns.Select(column => column.Css == TableColumn.Number("").Css ? "---:" : "---"));
        foreach (TableRow row in table.Rows)
        {
            Line(row.Cells.Select(Cell));
        }

        return text.ToString();

        void Line(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    private static string Cell(object? cell) =>
        (cell is XElement element ? element.Value : cell?.ToString() ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
