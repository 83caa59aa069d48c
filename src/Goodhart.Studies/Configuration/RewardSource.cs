using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Goodhart.Studies.Configuration;

/// <summary>Where the reward model of classical RLHF comes from. A variant is a type.</summary>
[JsonConverter(typeof(RewardSourceJson))]
public abstract record RewardSource
{
    private sealed class RewardSourceJson : JsonConverter<RewardSource>
    {
        public override RewardSource Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            JsonObject json = JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("expected a reward model's source, found null.");
            return json.ContainsKey("from") ? json.Deserialize<ExistingReward>(options)! : json.Deserialize<RewardDefinition>(options)!;
        }

        public override void Write(Utf8JsonWriter writer, RewardSource value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}

/// <summary>A reward model that exists.</summary>
/// <param name="From">Its folder, or that of a run of <c>goodhart reward</c>: of an ensemble the members' mean counts.</param>
public sealed record ExistingReward(StudyPath From) : RewardSource;
