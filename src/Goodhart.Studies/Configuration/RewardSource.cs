using System.Text.Json.Serialization;

namespace Goodhart.Studies.Configuration;

/// <summary>Where the reward model of classical RLHF comes from. A variant is a type.</summary>
[JsonConverter(typeof(Json))]
public abstract record RewardSource
{
    private sealed class Json() : VariantJson<RewardSource>(
        "a reward model's source", json => json.ContainsKey("from") ? typeof(ExistingReward) : typeof(RewardDefinition));
}

/// <summary>A reward model that exists.</summary>
/// <param name="From">Its folder, or that of a run of <c>goodhart reward</c>: of an ensemble the members' mean counts.</param>
public sealed record ExistingReward(StudyPath From) : RewardSource;
