using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Running;

namespace Goodhart.Studies.Running;

/// <summary>A model of a study, and the study's files in its tokens.</summary>
internal sealed record DataModel
{
    public required string Name { get; init; }

    public required ModelInput Input { get; init; }

    public required TokenizePairs Preferences { get; init; }

    public required TokenizePairs HeldOut { get; init; }

    public required TokenizeHeldOutPrompts Prompts { get; init; }

    /// <summary>Null without SFT.</summary>
    public required TokenizeExamples? Sft { get; init; }

    /// <summary>What PPO asks; null without it.</summary>
    public required TokenizePairPrompts? PolicyPrompts { get; init; }

    /// <summary>Reward models that are there already; empty where the study trains its own, or needs none.</summary>
    public required IReadOnlyList<ModelInput> Rewards { get; init; }

    public IEnumerable<TokenizeRows> Data => new TokenizeRows?[] { Preferences, HeldOut, Prompts, Sft, PolicyPrompts }.OfType<TokenizeRows>();
}
