using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;

namespace Goodhart.Text.Datasets.Writing;

/// <summary>RFC 4180 with line feeds. An absent or null value is an empty cell, an empty text a quoted one, anything nested its
/// JSON.</summary>
internal sealed class CsvRowWriter : RowWriter
{
    private readonly CsvWriter csv;
    private readonly IReadOnlyList<string> columns;

    public CsvRowWriter(Stream stream, IReadOnlyList<string> columns)
    {
        this.columns = columns;
        csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        foreach (string column in columns)
        {
            csv.WriteField(column);
        }

        csv.EndRecord();
    }

    public override void Write(JsonObject row)
    {
        foreach (string column in columns)
        {
            row.TryGetPropertyValue(column, out JsonNode? value);
            WriteCell(value);
        }

        csv.EndRecord();
    }

    private protected override void End() => csv.Dispose();

    private void WriteCell(JsonNode? value)
    {
        string? text = value switch
        {
            null => null,
            JsonValue leaf when leaf.GetValueKind() == JsonValueKind.String => leaf.GetValue<string>(),
            _ => Encoding.UTF8.GetString(Json(value)),
        };
        csv.WriteField(text, text is "" ? CsvQuoting.Always : CsvQuoting.WhenNeededOrWhitespace);
    }
}
