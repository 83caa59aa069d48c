using System.Text;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using CsvHelper;

namespace Goodhart.Text.Datasets.Files;

/// <summary>The records of a CSV file with a header, one at a time.</summary>
internal sealed class CsvRows : IDisposable
{
    private readonly string file;
    private readonly CsvReader csv;
    private readonly Action<BadRowException>? bad;
    private string[] columns = [];
    private int index;

    private CsvRows(string file, Stream stream, char separator, Action<BadRowException>? bad)
    {
        (this.file, this.bad) = (file, bad);
        csv = CsvReader.Create(stream, new CsvReaderOptions
        {
            // The header is read as a record like the others, so that its shape is checked here.
            HasHeader = false,
            Separator = separator,
            TrackLineNumbers = true,
            MaxRecordSize = ByteWindow.MaxRowBytes,
            MalformedData = CsvMalformedDataHandling.Throw,
        });
    }

    /// <summary>The name of a first column without one: the row numbers that pandas writes. They are in no row.</summary>
    public const string PandasIndex = "(row numbers without a name)";

    /// <param name="bad">Is told of a record that is no row; null: it is thrown.</param>
    public static IEnumerable<DataRow> Read(string file, Stream stream, char separator, Action<BadRowException>? bad = null)
    {
        using CsvRows rows = new(file, stream, separator, bad);
        rows.ReadHeader();
        while (rows.Next() is { } row)
        {
            yield return row;
        }
    }

    /// <summary>Whether the header says of the first column nothing but that it is there.</summary>
    public static bool HasIndex(string file, Stream stream, char separator)
    {
        using CsvRows rows = new(file, stream, separator, null);
        rows.ReadHeader();
        return rows.columns[0].Length == 0;
    }

    public void Dispose() => csv.Dispose();

    private void ReadHeader()
    {
        if (!Advance())
        {
            throw new InvalidDataException($"{file}: nothing but empty lines; expected a header line and rows.");
        }

        if (!Utf8.IsValid(csv.RawRecord))
        {
            throw new InvalidDataException(
                $"{file} line {Line}: expected names in UTF-8, found bytes that are none; save the file as UTF-8.");
        }

        columns = [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];
        for (int i = 0; i < columns.Length; i++)
        {
            string column = columns[i];
            bool isIndex = i == 0 && columns.Length > 1;
            if ((column.Length == 0 && !isIndex) || columns.Count(other => other == column) > 1)
            {
                string found = column.Length == 0 ? "a column without a name" : $"two columns '{column}'";
                throw new InvalidDataException($"{file} line {Line}: expected a header with a name for each column, found {found}.");
            }
        }
    }

    private DataRow? Next()
    {
        while (Advance())
        {
            if (Fault() is not { } fault)
            {
                JsonObject fields = [];
                for (int i = columns[0].Length == 0 ? 1 : 0; i < columns.Length; i++)
                {
                    fields.Add(columns[i], Cell(i));
                }

                return new DataRow(file, index++, $"line {Line}", fields);
            }

            index++;
            fault.Tell(bad);
        }

        return null;
    }

    private BadRowException? Fault()
    {
        string? reason = !Utf8.IsValid(csv.RawRecord) ? "expected text in UTF-8, found bytes that are none; save the file as UTF-8"
            : csv.FieldCount != columns.Length
                ? $"expected {Quantity.Of(columns.Length, "field")} as in the header, found {csv.FieldCount}; "
                    + "a field with a separator, a quote or a line break in it needs quotes around it"
            : columns[0].Length == 0 && !csv.GetString(0).All(char.IsAsciiDigit)
                ? $"expected row numbers in the first column, as it has no name, found '{csv.GetString(0)}'; give it a name in the header"
            : null;
        return reason is null ? null : new BadRowException($"{file} line {Line}", reason);
    }

    private string Line => csv.LineNumber.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private bool Advance()
    {
        try
        {
            if (!csv.Read())
            {
                return false;
            }
        }
        catch (CsvFormatException malformed)
        {
            string line = malformed.LineNumber.ToString(System.Globalization.CultureInfo.InvariantCulture);
            throw new InvalidDataException($"{file} line {line}: not a readable CSV record: {malformed.Message}", malformed);
        }

        return true;
    }

    /// <summary>Null for an empty cell; "" is an empty text. CSV cannot say more, and this much makes a way back possible.</summary>
    private JsonNode? Cell(int column)
    {
        if (csv.GetRawSpan(column).IsEmpty)
        {
            return null;
        }

        string text = csv.GetString(column);
        return SpelledMessages.InCell(text) ?? JsonValue.Create(text);
    }
}
