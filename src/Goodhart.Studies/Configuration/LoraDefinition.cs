using Goodhart.Models;
using Goodhart.Models.Adapters;

namespace Goodhart.Studies.Configuration;

/// <summary>The adapter that a study's alignment trains instead of the weights: PEFT's names and defaults.</summary>
/// <param name="R">Its rank.</param>
/// <param name="Targets">Names of linear layers, or <c>all-linear</c>; null: what is usual for the architecture.</param>
/// <param name="Rslora">Scaling α/√r and not α/r.</param>
public sealed record LoraDefinition(int R, double Alpha, IReadOnlyList<string>? Targets, bool Rslora)
{
    /// <summary>With every layer named.</summary>
    /// <exception cref="InvalidDataException">The model has no such layer.</exception>
    internal LoraConfig On(ModelConfig model) => new LoraConfig
    {
        Rank = R,
        Alpha = Alpha,
        RankStabilized = Rslora,
        Targets = Targets switch
        {
            null => null,
            [AllLinear.Name] => new AllLinear(),
            _ => new NamedTargets([.. Targets.Distinct().Order(StringComparer.Ordinal)]),
        },
    }.For(model);

    internal static LoraDefinition Bind(MappingReader lora)
    {
        LoraConfig usual = new();
        return new LoraDefinition(
            lora.Has("r") ? lora.Whole("r", min: 1) : usual.Rank,
            lora.Has("alpha") ? lora.Read("alpha", ValueRule.AboveZero, 1) : usual.Alpha,
            lora.Has("targets") ? lora.Texts("targets") : null,
            lora.Has("rslora") && lora.Read("rslora", ValueRule.Flag, false));
    }
}
