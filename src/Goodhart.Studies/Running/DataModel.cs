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

    public IEnumerable<TokenizeRows> Data => [Preferences, HeldOut, Prompts, .. Sft is null ? (TokenizeRows[])[] : [Sft]];
}
