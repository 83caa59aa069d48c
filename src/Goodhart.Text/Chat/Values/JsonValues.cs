using System.Text.Json;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>JSON as values of templates. Numbers keep their kind: 2.0 is a float.</summary>
internal static class JsonValues
{
    /// <summary>Adds the characters of all texts to the size, from which a render's budget follows.</summary>
    public static object Of(JsonElement json, ref long size, int depth = 0)
    {
        Budget.CheckDepth(depth);
        size++;
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                string text = json.GetString()!;
                size += text.Length;
                return text;
            case JsonValueKind.True or JsonValueKind.False:
                return json.GetBoolean();
            case JsonValueKind.Number:
                return OfNumber(json);
            case JsonValueKind.Array:
                List<object> items = new(json.GetArrayLength());
                foreach (JsonElement item in json.EnumerateArray())
                {
                    items.Add(Of(item, ref size, depth + 1));
                }

                return new ListValue(items);
            case JsonValueKind.Object:
                MapValue map = new();
                foreach (JsonProperty entry in json.EnumerateObject())
                {
                    map.Set(entry.Name, Of(entry.Value, ref size, depth + 1));
                    size += entry.Name.Length;
                }

                return map;
            default:
                return None.Value;
        }
    }

    private static object OfNumber(JsonElement json)
    {
        string raw = json.GetRawText();
        if (raw.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
        {
            return json.GetDouble();
        }

        return json.TryGetInt64(out long whole) ? whole : throw Number.TooLarge();
    }
}
