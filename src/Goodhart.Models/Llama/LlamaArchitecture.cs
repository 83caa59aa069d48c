using Goodhart.Models.HuggingFace;

namespace Goodhart.Models.Llama;

/// <summary>Llama and its kin.</summary>
internal sealed class LlamaArchitecture : Architecture
{
    public override string Name => LlamaFamily.Llama.ModelType;

    public override IReadOnlyList<string> ModelTypes => [.. LlamaFamily.All.Select(family => family.ModelType)];

    /// <summary>
    /// Llama 2's customs: a feed-forward layer 8/3 as wide, to a multiple of eight, keys and values per head, an untied head.
    /// </summary>
    public override ModelConfig Create(ModelDimensions dimensions) => new LlamaConfig
    {
        Family = LlamaFamily.Llama,
        VocabSize = dimensions.VocabSize,
        HiddenSize = dimensions.HiddenSize,
        Layers = dimensions.Layers,
        Heads = dimensions.Heads,
        SharedHeads = dimensions.Heads,
        HeadDim = HeadSizeOf(dimensions, multiple: 2),
        IntermediateSize = ((8 * dimensions.HiddenSize / 3) + 7) / 8 * 8,
        MaxPositions = dimensions.MaxPositions,
        BosTokenId = dimensions.BosTokenId,
        EosTokenId = dimensions.EosTokenId,
        PadTokenId = dimensions.PadTokenId,
    }.Validate("the new model");

    internal override ModelConfig Read(ConfigFields fields) =>
        LlamaConfigReader.Read(LlamaFamily.All.Single(family => family.ModelType == fields.Text("model_type")), fields);
}
