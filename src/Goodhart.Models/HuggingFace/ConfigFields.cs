using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Models.HuggingFace;

/// <summary>Typed reading of a configuration's keys; a message names file, key, what was expected and found.</summary>
/// <param name="prefix">Put before keys in messages when the object lies inside another, for example "rope_parameters.".</param>
internal sealed class ConfigFields(string file, JsonObject json, string prefix = "")
{
    /// <summary>Keys of this object.</summary>
    public int Count => json.Count;

    /// <summary>The first text of a list of texts; null when the key is absent, null or an empty list.</summary>
    public string? FirstText(string key) => json[key] is JsonArray { Count: > 0 } list
        ? new ConfigFields(file, new JsonObject { [key] = list[0]?.DeepClone() }, prefix).Text(key)
        : null;

    /// <summary>What stands on the trunk. A file that names no architecture is a language model, as files of old have it.</summary>
    /// <exception cref="InvalidDataException">A score per label where one is expected.</exception>
    public OutputHead Head()
    {
        if (FirstText("architectures")?.EndsWith("ForSequenceClassification", StringComparison.Ordinal) != true)
        {
            return OutputHead.Language;
        }

        int labels = OptionalInt("num_labels") ?? Object("id2label")?.Count ?? 2;
        return labels == 1
            ? OutputHead.Score
            : throw Refuse("num_labels", "1: a reward model gives one score", FormattableString.Invariant($"{labels} labels"));
    }

    public int RequiredInt(string key) => OptionalInt(key) ?? throw Refuse(key, "a whole number", "none");

    /// <summary>Null when the key is absent or null.</summary>
    public int? OptionalInt(string key) => Number(key) is not { } value
        ? null
        : double.IsInteger(value) && value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw Refuse(key, "a whole number within 32 bits", value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Null when the key is absent or null.</summary>
    public double? Number(string key)
    {
        JsonElement? element = Element(key);
        return element is not { } found ? null
            : found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out double value) && double.IsFinite(value) ? value
            : throw Refuse(key, "a finite number", found.GetRawText());
    }

    public bool? Flag(string key) => Element(key) is not { } element
        ? null
        : element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Refuse(key, "true or false", element.GetRawText()),
        };

    public string? Text(string key)
    {
        if (Element(key) is not { } element)
        {
            return null;
        }

        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : throw Refuse(key, "a text", element.GetRawText());
        }
        catch (InvalidOperationException)
        {
            throw Refuse(key, "Unicode text", element.GetRawText());   // an escaped half of a surrogate pair
        }
    }

    /// <summary>A token id; a list of one is taken for its element. Absent means <paramref name="absent"/>, null means none.</summary>
    public int? TokenId(string key, int? absent)
    {
        int[] ids = TokenIds(key, absent);
        return ids.Length <= 1
            ? ids.Length == 0 ? null : ids[0]
            : throw Refuse(key, "one token id", $"a list of {ids.Length}");
    }

    /// <summary>Token ids: one, or a list. Absent means <paramref name="absent"/>, null means none.</summary>
    public int[] TokenIds(string key, int? absent)
    {
        if (!json.TryGetPropertyValue(key, out JsonNode? node))
        {
            return absent is { } id ? [id] : [];
        }

        if (node is not JsonArray list)
        {
            return OptionalInt(key) is { } one ? [one] : [];
        }

        return
        [
            .. list.Select(
                item => new ConfigFields(file, new JsonObject { [key] = item?.DeepClone() }, prefix).RequiredInt(key)).Distinct(),
        ];
    }

    /// <summary>The padding's id; −1 is how some files say that there is none.</summary>
    public int? PadId() => TokenId("pad_token_id", absent: null) is { } id && id != -1 ? id : null;

    /// <summary>Is the key there, be it null?</summary>
    public bool Has(string key) => json.ContainsKey(key);

    /// <summary>A key that is none of these.</summary>
    public string? Unknown(params string[] known) => json.Select(pair => pair.Key).FirstOrDefault(key => !known.Contains(key));

    /// <summary>A list of texts; null when the key is absent or null.</summary>
    public string[]? Texts(string key) => !json.TryGetPropertyValue(key, out JsonNode? node) || node is null
        ? null
        : node is JsonArray list
            ? [.. list.Select(item => new ConfigFields(file, new JsonObject { [key] = item?.DeepClone() }, prefix).Text(key) ?? "null")]
            : throw Refuse(key, "a list of texts", node.ToJsonString());

    /// <summary>A number that a file may hold in several places, in their order; where there are several they must agree.</summary>
    public static double? Same(params (ConfigFields? Fields, string Key)[] places)
    {
        double? result = null;
        string first = string.Empty;
        foreach ((ConfigFields? fields, string key) in places)
        {
            if (fields?.Number(key) is not { } found)
            {
                continue;
            }

            if (result is { } other && other != found)
            {
                throw fields.Refuse(
                    key, string.Create(CultureInfo.InvariantCulture, $"the value of {first} ({other}), its other spelling"),
                    found.ToString(CultureInfo.InvariantCulture));
            }

            (result, first) = (found, key);
        }

        return result;
    }

    public ConfigFields? Object(string key) => !json.TryGetPropertyValue(key, out JsonNode? node) || node is null
        ? null
        : node is JsonObject inner
            ? new ConfigFields(file, inner, $"{prefix}{key}.")
            : throw Refuse(key, "an object or null", node.ToJsonString());

    public InvalidDataException Refuse(string key, string expected, string found) =>
        new($"{file}: {prefix}{key}: expected {expected}, found {(found.Length <= 120 ? found : found[..120] + "...")}.");

    private JsonElement? Element(string key)
    {
        if (!json.TryGetPropertyValue(key, out JsonNode? node) || node is null)
        {
            return null;
        }

        return node is JsonValue ? node.GetValue<JsonElement>() : throw Refuse(key, "a single value", node.ToJsonString());
    }
}
