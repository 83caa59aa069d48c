using System.Text.Encodings.Web;
using System.Text.Json;

namespace Goodhart.Text;

/// <summary>How JSON is laid out in the files written for other tools.</summary>
internal static class IndentedJson
{
    /// <summary>Line feeds on every system, and characters as themselves rather than \u escapes.</summary>
    public static JsonWriterOptions Indented { get; } =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same for a document that is edited rather than written.</summary>
    public static JsonSerializerOptions IndentedNodes { get; } =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
