using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Goodhart.Studies.Configuration;

/// <summary>An optimizer with the name and the keys it has in study files.</summary>
internal sealed class OptimizerJsonConverter : JsonConverter<OptimizerDefinition>
{
    public override OptimizerDefinition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonObject json = JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("expected an optimizer, found null.");
        string? name = (string?)json["name"];
        json.Remove("name");
        switch (name)
        {
            case "rmsprop":
                return json.Deserialize<RmsPropDefinition>(options)!;
            case "adam":
                json["weightDecay"] = 0.0;
                return json.Deserialize<AdamWDefinition>(options)!;
            case "adamw":
                return json.Deserialize<AdamWDefinition>(options)!;
            default:
                throw new JsonException($"unknown optimizer '{name}': expected rmsprop, adam or adamw.");
        }
    }

    public override void Write(Utf8JsonWriter writer, OptimizerDefinition value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("name", value.Name);
        switch (value)
        {
            case RmsPropDefinition rmsProp:
                writer.WriteNumber("alpha", rmsProp.Alpha);
                writer.WriteNumber("eps", rmsProp.Eps);
                break;
            case AdamWDefinition adam:
                writer.WriteNumber("beta1", adam.Beta1);
                writer.WriteNumber("beta2", adam.Beta2);
                writer.WriteNumber("eps", adam.Eps);
                if (adam.WeightDecay != 0)
                {
                    writer.WriteNumber("weightDecay", adam.WeightDecay);
                }

                break;
            default:
                throw new NotSupportedException($"{value.GetType().Name} has no form in study.json.");
        }

        writer.WriteEndObject();
    }
}
