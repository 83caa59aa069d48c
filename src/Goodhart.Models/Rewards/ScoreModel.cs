using Goodhart.Engine;
using Goodhart.Engine.Randomness;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.HuggingFace;

namespace Goodhart.Models.Rewards;

/// <summary>A language model's trunk under a head of one score: how reward and value models begin.</summary>
public static class ScoreModel
{
    /// <summary>Copies the trunk; the head is drawn from N(0, 1/(d + 1)), as Stiennon et al. (2020) and TRL start it.</summary>
    /// <remarks>
    /// transformers reads a sequence's score at its last token that is not the padding's. Where padding and the end are one id, that is the token
    /// before the end, so the copy names no padding then: transformers still scores one sequence at a time and refuses a padded batch.
    /// </remarks>
    /// <param name="seed">Of the head's weights.</param>
    public static GptNeoXModel From(GptNeoXModel language, ulong seed, bool training)
    {
        GptNeoXConfig own = language.Config;
        GptNeoXConfig config = own with
        {
            Head = OutputHead.Score,
            TiedEmbeddings = false,
            PadTokenId = own.PadTokenId == own.EosTokenId ? null : own.PadTokenId,
        };
        GptNeoXModel model = new(language.Device, config, training);
        foreach (Parameter parameter in model.Parameters.All)
        {
            model.Parameters.Set(
                parameter.Name,
                parameter.Name == GptNeoXTensorNames.Score ? Head(config.HiddenSize, seed) : language.Parameters.Get(parameter.Name));
        }

        return model;
    }

    private static float[] Head(int width, ulong seed)
    {
        RandomStream stream = new(seed, "initial weights/" + GptNeoXTensorNames.Score, item: 0);
        double deviation = 1 / Math.Sqrt(width + 1.0);
        return [.. Enumerable.Range(0, width).Select(_ => (float)(deviation * stream.NextNormal()))];
    }
}
