using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Goodhart.Studies.Configuration;

/// <summary>A judge with the keys it has in study files; its kind says which type it is.</summary>
internal sealed class JudgeJsonConverter : JsonConverter<JudgeDefinition>
{
    public override JudgeDefinition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonObject json = JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("expected a judge, found null.");
        return (string?)json["kind"] == RewardModelJudgeDefinition.KindName
            ? json.Deserialize<RewardModelJudgeDefinition>(options)!
            : json.Deserialize<ChatJudgeDefinition>(options)!;
    }

    public override void Write(Utf8JsonWriter writer, JudgeDefinition value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, value.GetType(), options);
}
