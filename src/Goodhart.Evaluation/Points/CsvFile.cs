using System.Globalization;
using CsvHelper;
using Goodhart.Text;

namespace Goodhart.Evaluation.Points;

/// <summary>A delimited file with a header, checked for shape. Every error names file, line and what to do.</summary>
/// <remarks>The separator is detected: comma, semicolon, tab or bar. Numbers have a decimal point.</remarks>
internal sealed class CsvFile
{
    // The header is read as a record like the others, so that its shape is checked here.
    private static readonly CsvReaderOptions Options = new()
    {
        HasHeader = false,
        TrimWhitespace = true,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    private CsvFile(string file, string[] header, List<CsvLine> rows)
    {
        File = file;
        Header = header;
        Rows = rows;
    }

    public string File { get; }

    public string[] Header { get; }

    public IReadOnlyList<CsvLine> Rows { get; }

    public static CsvFile Read(string file, TextReader reader)
    {
        try
        {
            using CsvReader csv = CsvReader.Create(reader, Options, leaveOpen: true);
            return Read(file, csv);
        }
        catch (CsvFormatException malformed)
        {
            throw new InvalidDataException($"{file}: not a readable CSV file: {malformed.Message}", malformed);
        }
    }

    private static CsvFile Read(string file, CsvReader csv)
    {
        if (!csv.Read())
        {
            throw new InvalidDataException($"{file}: the file is empty; expected a header line with columns kl (or sqrtKl) and winRate.");
        }

        string[] header = Fields(csv);
        RequireText(file, csv.LineNumber, header);
        RequireHeader(file, header);
        List<CsvLine> rows = [];
        while (csv.Read())
        {
            string[] fields = Fields(csv);
            RequireText(file, csv.LineNumber, fields);
            if (fields.Length != header.Length)
            {
                throw new InvalidDataException(
                    $"{file} line {csv.LineNumber}: expected {Quantity.Of(header.Length, "field")} as in the header, found "
                    + $"{fields.Length}; numbers need a decimal point (0.5), not a comma, and text with commas needs quotes.");
            }

            rows.Add(new((int)csv.LineNumber, fields));
        }

        return new(file, header, rows);
    }

    private static string[] Fields(CsvReader csv) => [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];

    /// <summary>The column's index, however it is spelled; −1 where the file has none.</summary>
    public int Find(string name) => Array.FindIndex(Header, column => ColumnName.Same(column, name));

    /// <summary>The index of the first of <paramref name="names"/> that exists, or an error that lists what was found and the
    /// nearest.</summary>
    public int Require(params string[] names)
    {
        foreach (string name in names)
        {
            if (Find(name) is >= 0 and int index)
            {
                return index;
            }
        }

        string? nearest = names.Select(name => ColumnName.Nearest(name, Header)).FirstOrDefault(found => found is not null);
        throw new InvalidDataException(
            $"{File}: no column {string.Join(" or ", names)}; found {string.Join(", ", Header)}."
            + (nearest is null ? " Add it or rename the one that holds it." : $" Nearest: {nearest}; rename it if that is the one."));
    }

    /// <summary>A finite number, or an error that names line and column.</summary>
    public double Number(CsvLine row, int column)
    {
        string text = row.Fields[column];
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
        {
            return value;
        }

        string found = text.Length == 0 ? "an empty field" : $"'{text}'";
        throw Error(row, column, $"expected a finite number, found {found}; write it with a decimal point, or remove the row");
    }

    /// <summary>A number from 0 to 1, or an error that asks for percent to be divided.</summary>
    public double WinRate(CsvLine row, int column)
    {
        double value = Number(row, column);
        string advice = value is > 1 and <= 100
            ? "where it is in percent, divide it by 100, and its standard error"
            : "another score can be fitted once it is scaled to that range";
        return value is >= 0 and <= 1
            ? value
            : throw Error(row, column, $"expected a win rate from 0 to 1, found {row.Fields[column]}; {advice}");
    }

    public InvalidDataException Error(CsvLine row, int column, string problem) =>
        new($"{File} line {row.Line}, column {Header[column]}: {problem}.");

    /// <summary>A file that is not UTF-8 has this character where its reader found bytes that are none: names would change without
    /// a word.</summary>
    private static void RequireText(string file, long line, string[] fields)
    {
        if (Array.Find(fields, field => field.Contains('\uFFFD')) is { } broken)
        {
            throw new InvalidDataException(
                $"{file} line {line}: expected text in UTF-8, found '{broken}', whose bytes are none (Latin-1?); save the file as UTF-8.");
        }
    }

    private static void RequireHeader(string file, string[] header)
    {
        IGrouping<string, string>? duplicate = header.GroupBy(ColumnName.Normalize).FirstOrDefault(group => group.Count() > 1);
        if (duplicate is not null)
        {
            throw new InvalidDataException(
                $"{file} line 1: columns {string.Join(" and ", duplicate)} have the same name; remove or rename one.");
        }
    }
}

/// <summary>A row's fields and its line in the file.</summary>
internal sealed record CsvLine(int Line, string[] Fields);
