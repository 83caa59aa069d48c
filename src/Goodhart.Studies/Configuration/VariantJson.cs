using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Goodhart.Studies.Configuration;

/// <summary>A record of one of several types, told apart by the keys it has.</summary>
internal abstract class VariantJson<T>(string what, Func<JsonObject, Type> typeOf) : JsonConverter<T>
    where T : class
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonObject json = JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException($"expected {what}, found null.");
        return (T)json.Deserialize(typeOf(json), options)!;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, value.GetType(), options);
}
