using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Files;

/// <summary>One JSON object, checked through and through, so that nothing in it fails later.</summary>
internal static class JsonRow
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <param name="place">Of the first byte.</param>
    public static DataRow Parse(string file, int index, string place, ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
            using JsonDocument document = Parse(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidDataException(
                    $"{file} {place}: expected a JSON object with the row's columns, found {Named(document.RootElement.ValueKind)}.");
            }

            return new DataRow(file, index, place, (JsonObject)Copy(document.RootElement)!);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException(
                $"{file} {place}{Column(fault)}: expected one JSON object on the line, found text that is not JSON: {Short(fault)}", fault);
        }
        catch (InvalidOperationException fault)
        {
            throw new InvalidDataException($"{file} {place}: expected text in valid UTF-8, found bytes or escapes that are none.", fault);
        }
    }

    private static JsonDocument Parse(ref Utf8JsonReader reader)
    {
        JsonDocument document = JsonDocument.ParseValue(ref reader);
        if (reader.Read())
        {
            throw new JsonException("there is more after the object.");
        }

        return document;
    }

    /// <summary>A name for messages.</summary>
    internal static string Named(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    /// <summary>System.Text.Json's message without its own place, which counts from 0.</summary>
    internal static string Short(JsonException fault)
    {
        int tail = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return tail < 0 ? fault.Message : fault.Message[..tail];
    }

    private static string Column(JsonException fault) =>
        fault.BytePositionInLine is { } bytes ? FormattableString.Invariant($", byte {bytes + 1}") : "";

    // Values are taken out one by one: a lazy JsonObject would report a bad escape only when somebody reads it.
    private static JsonNode? Copy(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                JsonObject fields = [];
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    if (!fields.TryAdd(property.Name, Copy(property.Value)))
                    {
                        throw new JsonException($"'{property.Name}' is given twice.");
                    }
                }

                return fields;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Copy)]);
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString());
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }
}
