using System.Globalization;
using System.Text;

namespace Goodhart.Report.Text;

/// <summary>The numbers behind a figure. Written with shortest round-trip digits; a missing value is an empty cell.</summary>
/// <param name="Columns">Header names.</param>
/// <param name="Rows">Cells: string, number or null; as many as there are columns.</param>
public sealed record CsvTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    public string Write()
    {
        StringBuilder text = new StringBuilder();
        AppendLine(text, Columns);
        foreach (IReadOnlyList<object?> row in Rows)
        {
            if (row.Count != Columns.Count)
            {
                throw new ArgumentException($"CSV: expected {Columns.Count} cells ({string.Join(", ", Columns)}), found {row.Count}.");
            }

            AppendLine(text, row.Select(Cell));
        }

        return text.ToString();
    }

    public static string Cell(object? value) => value switch
    {
        null => string.Empty,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    private static void AppendLine(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quote)).Append('\n');

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\n\r") < 0 ? cell : "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
