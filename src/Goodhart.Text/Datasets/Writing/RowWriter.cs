using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets.Writing;

/// <summary>Writes rows as a file of some format. A format is a type.</summary>
public abstract class RowWriter : IDisposable
{
    private protected static readonly JsonWriterOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="stream">Stays open.</param>
    /// <param name="columns">All columns of all rows, in order; only CSV needs them.</param>
    /// <exception cref="NotSupportedException">Parquet, which is read only.</exception>
    public static RowWriter Create(DataFormat format, Stream stream, IReadOnlyList<string> columns) => format switch
    {
        DataFormat.JsonLines => new JsonLinesWriter(stream),
        DataFormat.JsonArray => new JsonArrayWriter(stream),
        DataFormat.Csv => new CsvRowWriter(stream, columns),
        _ => throw new NotSupportedException($"{format} files are read, not written; write JSON lines, a JSON array or CSV."),
    };

    public abstract void Write(JsonObject row);

    /// <summary>Writes what ends the file.</summary>
    public void Dispose()
    {
        End();
        GC.SuppressFinalize(this);
    }

    private protected abstract void End();

    private protected static byte[] Json(JsonNode? node)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, Layout))
        {
            if (node is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                node.WriteTo(writer);
            }
        }

        return bytes.ToArray();
    }
}

/// <summary>One object on each line.</summary>
internal sealed class JsonLinesWriter(Stream stream) : RowWriter
{
    public override void Write(JsonObject row)
    {
        stream.Write(Json(row));
        stream.Write("\n"u8);
    }

    private protected override void End()
    {
    }
}

/// <summary>An array with a row on each line.</summary>
internal sealed class JsonArrayWriter(Stream stream) : RowWriter
{
    private bool any;

    public override void Write(JsonObject row)
    {
        stream.Write(any ? ",\n"u8 : "[\n"u8);
        any = true;
        stream.Write(Json(row));
    }

    private protected override void End() => stream.Write(any ? "\n]\n"u8 : "[]\n"u8);
}
