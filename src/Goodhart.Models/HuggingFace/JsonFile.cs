using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Models.HuggingFace;

/// <summary>Small JSON files of a model folder.</summary>
internal static class JsonFile
{
    private const long MaxBytes = 16 << 20;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">Too long, not JSON, not an object, or a key twice.</exception>
    public static JsonObject ReadObject(string path)
    {
        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new FileNotFoundException($"{path}: expected this file in a Hugging Face model folder, found none.", path);
        }

        if (file.Length > MaxBytes)
        {
            throw new InvalidDataException($"{path}: expected at most {MaxBytes} bytes, found {file.Length}.");
        }

        return ParseObject(path, File.ReadAllBytes(path));
    }

    public static JsonObject ParseObject(string path, ReadOnlySpan<byte> utf8)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(
                utf8, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 });
            return node as JsonObject
                ?? throw new InvalidDataException($"{path}: expected a JSON object, found {node?.GetValueKind().ToString() ?? "null"}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a key with an escaped half of a surrogate pair.
            throw new InvalidDataException($"{path}: not valid JSON: {e.Message}", e);
        }
    }

    public static void Write(string path, JsonObject value) =>
        File.WriteAllText(path, value.ToJsonString(Indented) + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
}
