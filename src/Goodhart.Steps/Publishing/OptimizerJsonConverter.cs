using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Goodhart.Engine.Optimizers;

namespace Goodhart.Steps.Publishing;

/// <summary>An optimizer with the name and the keys it has in study files.</summary>
internal sealed class OptimizerJsonConverter : JsonConverter<Optimizer>
{
    public override Optimizer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonObject json = JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("expected an optimizer, found null.");
        string? name = (string?)json["name"];
        json.Remove("name");
        switch (name)
        {
            case "rmsprop":
                return json.Deserialize<RmsProp>(options)!;
            case "adam":
                json["weightDecay"] = 0.0;
                return json.Deserialize<AdamW>(options)!;
            case "adamw":
                return json.Deserialize<AdamW>(options)!;
            default:
                throw new JsonException($"unknown optimizer '{name}': expected rmsprop, adam or adamw.");
        }
    }

    public override void Write(Utf8JsonWriter writer, Optimizer value, JsonSerializerOptions options)
    {
        (string name, (string Key, double Value)[] numbers) = value switch
        {
            RmsProp rmsProp => ("rmsprop", ((string, double)[])[("alpha", rmsProp.Alpha), ("eps", rmsProp.Eps)]),
            AdamW { WeightDecay: 0 } adam => ("adam", [("beta1", adam.Beta1), ("beta2", adam.Beta2), ("eps", adam.Eps)]),
            AdamW adam => ("adamw", [("beta1", adam.Beta1), ("beta2", adam.Beta2), ("eps", adam.Eps), ("weightDecay", adam.WeightDecay)]),
            _ => throw new NotSupportedException($"{value.GetType().Name} has no form in study.json."),
        };
        writer.WriteStartObject();
        writer.WriteString("name", name);
        Array.ForEach(numbers, number => writer.WriteNumber(number.Key, number.Value));
        writer.WriteEndObject();
    }
}
