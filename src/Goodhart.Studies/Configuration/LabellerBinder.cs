using Goodhart.Worlds;

namespace Goodhart.Studies.Configuration;

/// <summary>The keys of a world study's <c>labeller</c>: what is left out is as with the world's own annotators.</summary>
internal static class LabellerBinder
{
    private static readonly PreferenceSampler Usual = new();

    public static PreferenceSampler Bind(MappingReader labeller) => new()
    {
        Temperature = labeller.Has("temperature") ? labeller.Read("temperature", ValueRule.AboveZero, 1) : Usual.Temperature,
        LengthBias = labeller.Has("lengthBias") ? labeller.Read("lengthBias", ValueRule.AnyNumber, 0) : Usual.LengthBias,
        Noise = labeller.Has("noise") ? labeller.Read("noise", ValueRule.FromZeroToOne, 0) : Usual.Noise,
    };
}
