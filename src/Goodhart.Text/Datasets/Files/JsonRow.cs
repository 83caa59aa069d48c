using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Files;

/// <summary>One JSON object, checked through and through, so that nothing in it fails later.</summary>
internal static class JsonRow
{
    private const int MaxDepth = 64;

    private static readonly HashSet<long> NoNumbers = [];

    /// <param name="place">Of the first byte.</param>
    /// <param name="nonFinite">Where in <paramref name="json"/> a number stands for NaN or an infinity; null for nowhere.</param>
    /// <exception cref="InvalidDataException">It is not JSON, or no object.</exception>
    public static DataRow Parse(string file, int index, string place, ReadOnlySpan<byte> json, IReadOnlySet<long>? nonFinite = null)
    {
        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            Copier copier = new(nonFinite ?? NoNumbers);
            JsonNode? root = copier.Copy(ref reader);
            if (reader.Read())
            {
                throw new JsonException("there is more after the object.");
            }

            return root is JsonObject fields
                ? new DataRow(file, index, place, fields) { Faults = copier.Faults }
                : throw new BadRowException(
                    $"{file} {place}",
                    $"expected a JSON object with the row's columns, found {Named(root?.GetValueKind() ?? JsonValueKind.Null)}").Refusal();
        }
        catch (JsonException fault)
        {
            throw new BadRowException(
                $"{file} {place}{Column(fault)}",
                $"expected one JSON object on the line, found text that is not JSON: {Short(fault).TrimEnd('.')}",
                fault).Refusal();
        }
        catch (InvalidOperationException fault)
        {
            throw new BadRowException(
                $"{file} {place}", "expected names of columns in valid UTF-8, found bytes or escapes that are none", fault).Refusal();
        }
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

    /// <summary>Takes values out one by one: a lazy JsonObject would report a bad escape only when somebody reads it, without its
    /// place.</summary>
    private sealed class Copier(IReadOnlySet<long> nonFinite)
    {
        private static readonly CellFault NonFinite = new("NaN or an infinity", IsNumber: true);

        // Names, and places in lists, on the way to the value that is read.
        private readonly Stack<object> path = new();

        public Dictionary<string, CellFault> Faults { get; } = [];

        public JsonNode? Copy(ref Utf8JsonReader reader)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    JsonObject fields = [];
                    while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    {
                        string name = reader.GetString()!;
                        reader.Read();
                        path.Push(name);
                        if (!fields.TryAdd(name, Copy(ref reader)))
                        {
                            throw new JsonException($"'{name}' is given twice.");
                        }

                        path.Pop();
                    }

                    return fields;
                case JsonTokenType.StartArray:
                    JsonArray list = [];
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    {
                        list.Add(Element(ref reader, list.Count));
                    }

                    return list;
                case JsonTokenType.String:
                    return Text(ref reader);
                case JsonTokenType.Null:
                    return null;
                case JsonTokenType.Number when nonFinite.Contains(reader.TokenStartIndex):
                    return Fault(NonFinite);
                case JsonTokenType.Number:
                    return JsonValue.Create(JsonElement.ParseValue(ref reader));
                default:
                    return JsonValue.Create(reader.GetBoolean());
            }
        }

        private JsonNode? Element(ref Utf8JsonReader reader, int index)
        {
            if (reader.TokenType == JsonTokenType.Number && nonFinite.Count == 0)
            {
                return JsonValue.Create(JsonElement.ParseValue(ref reader));   // lists of token ids are long
            }

            path.Push(index);
            JsonNode? element = Copy(ref reader);
            path.Pop();
            return element;
        }

        private JsonValue? Fault(CellFault fault)
        {
            Faults[string.Concat(path.Reverse().Select((step, i) => step switch
            {
                int index => FormattableString.Invariant($"[{index}]"),
                _ => i == 0 ? $"{step}" : $".{step}",
            }))] = fault;
            return null;
        }

        private JsonValue? Text(ref Utf8JsonReader reader)
        {
            try
            {
                return JsonValue.Create(reader.GetString());
            }
            catch (InvalidOperationException)
            {
                return Fault(CellFault.BrokenText);
            }
        }
    }
}
