using System.Text.Json;

namespace Goodhart.Text.Tokenizers;

/// <summary>A value of a tokenizer's JSON together with its place, so that a refusal can name it. An absent field counts as null.</summary>
/// <param name="Path">Such as <c>model.merges[3]</c>; empty for the root.</param>
internal readonly record struct JsonField(JsonElement Value, string Path)
{
    public bool IsNull => Value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    public bool IsObject => Value.ValueKind == JsonValueKind.Object;

    public bool IsArray => Value.ValueKind == JsonValueKind.Array;

    /// <summary>The value of <c>type</c>, by which the format tells components apart; "none" for an absent component.</summary>
    public string Kind => IsNull ? "none" : this["type"].Text();

    public JsonField this[string name]
    {
        get
        {
            string path = Path.Length == 0 ? name : $"{Path}.{name}";
            if (!IsObject)
            {
                throw Bad("an object");
            }

            return new(Value.TryGetProperty(name, out JsonElement found) ? found : default, path);
        }
    }

    public string Text() => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Bad("text");

    public int Id() => Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out int id) && id >= 0
        ? id
        : throw Bad("a whole number from 0");

    public bool Flag(bool absent) => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => absent,
        _ => throw Bad("true or false"),
    };

    public IEnumerable<JsonField> Items()
    {
        if (!IsArray)
        {
            throw Bad("a list");
        }

        int index = 0;
        foreach (JsonElement item in Value.EnumerateArray())
        {
            yield return new(item, FormattableString.Invariant($"{Path}[{index++}]"));
        }
    }

    public TokenizerException Bad(string expected) => new($"{Place}: expected {expected}, found {Shown()}.");

    public TokenizerException Unsupported(string found, string supported) =>
        new($"{Place}: {found} is not supported; supported: {supported}.");

    private string Place => Path.Length == 0 ? "the file" : Path;

    private string Shown()
    {
        if (Value.ValueKind == JsonValueKind.Undefined)
        {
            return "nothing";
        }

        string raw = Value.GetRawText();
        return raw.Length <= 60 ? raw : $"{raw[..60]}…";
    }
}
