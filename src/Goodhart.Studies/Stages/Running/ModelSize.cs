using Goodhart.Models.HuggingFace;

namespace Goodhart.Studies.Stages.Running;

/// <summary>How large a model of a shape is.</summary>
internal static class ModelSize
{
    public static long Parameters(GptNeoXConfig config) => GptNeoXTensorNames.Expected(config).Sum(tensor => tensor.Shape.Elements);

    /// <summary>Parameters without embedding and head.</summary>
    public static long NonEmbedding(GptNeoXConfig config) =>
        Parameters(config) - ((config.TiedEmbeddings ? 1L : 2L) * config.VocabSize * config.HiddenSize);

    /// <summary>Of the weights in single precision, as they are trained and saved.</summary>
    public static long Bytes(GptNeoXConfig config) => sizeof(float) * Parameters(config);
}
