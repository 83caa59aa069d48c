using Goodhart.Models.Safetensors;

namespace Goodhart.Models.HuggingFace;

/// <summary>
/// A head that is stored although it is tied is not used, as config.json wants it: told, for where it is not the embedding something is
/// left out. (transformers 4 does the same and says nothing; version 5 unties the two.)
/// </summary>
internal static class TiedHead
{
    /// <returns>A sentence, or none.</returns>
    public static IReadOnlyList<string> Notes(ModelConfig config, CheckpointFiles files) =>
        files.Tensors.FirstOrDefault(tensor => CheckpointCheck.IsTiedHead(config, tensor.Name)) is not { } stored
            ? []
            :
            [
                IsEmbedding(config, files, stored)
                    ? $"{stored.Name} is stored although the head is tied to the embedding: it is the same and is left out."
                    : $"{stored.Name} is stored and is not {config.EmbeddingName}, but tie_word_embeddings is true in "
                        + "config.json: the embedding is the head, and the stored head is not used. Set it to false to use the stored one.",
            ];

    private static bool IsEmbedding(ModelConfig config, CheckpointFiles files, TensorEntry stored)
    {
        float[] embedding = new float[(long)config.VocabSize * config.HiddenSize];
        if (stored.Shape.Elements != embedding.Length || !stored.Type.IsReadableAsF32())
        {
            return false;
        }

        float[] head = new float[embedding.Length];
        files.ReadF32(config.EmbeddingName, embedding);
        files.ReadF32(stored.Name, head);
        return head.AsSpan().SequenceEqual(embedding);
    }
}
