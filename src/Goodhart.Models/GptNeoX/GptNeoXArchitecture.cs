using Goodhart.Models.HuggingFace;

namespace Goodhart.Models.GptNeoX;

/// <summary>GPT-NeoX: Pythia and its kin.</summary>
internal sealed class GptNeoXArchitecture : Architecture
{
    public override string Name => GptNeoXConfig.Type;

    public override IReadOnlyList<string> ModelTypes => [GptNeoXConfig.Type];

    /// <summary>
    /// Pythia's customs: a feed-forward layer four times as wide, parallel residuals, a quarter of the dimensions rotating, an untied head.
    /// </summary>
    public override ModelConfig Create(ModelDimensions dimensions) => new GptNeoXConfig
    {
        VocabSize = dimensions.VocabSize,
        HiddenSize = dimensions.HiddenSize,
        Layers = dimensions.Layers,
        Heads = dimensions.Heads,
        IntermediateSize = 4 * dimensions.HiddenSize,
        RotaryFraction = RotaryShare(HeadSizeOf(dimensions, multiple: 2)),
        MaxPositions = dimensions.MaxPositions,
        BosTokenId = dimensions.BosTokenId,
        EosTokenId = dimensions.EosTokenId,
        PadTokenId = dimensions.PadTokenId,
    }.Validate("the new model");

    /// <summary>A quarter of a head's dimensions, or what is next below it and comes in pairs.</summary>
    private static double RotaryShare(int headSize)
    {
        int dims = Math.Max(2, headSize / 8 * 2);
        double share = (double)dims / headSize;
        return (int)(headSize * share) == dims ? share : Math.BitIncrement(share);
    }

    internal override ModelConfig Read(ConfigFields fields) => GptNeoXConfigReader.Read(fields);
}
