using Goodhart.Models.HuggingFace;
using Goodhart.Models.Scoring;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Stages.Running;

namespace Goodhart.Studies.Running;

/// <summary>Memory that steps take at their peak, about: single precision, bytes.</summary>
internal static class StepMemory
{
    /// <summary>Numbers that a layer keeps per token row and hidden dimension until its backward pass, gradients included.</summary>
    private const long ActivationsPerDimension = 34;

    /// <summary>Weights, the file they are mapped from, gradients, optimizer state, and one micro-batch's activations and logits.</summary>
    public static long OfTraining(GptNeoXConfig config, OptimizerDefinition optimizer, int rows)
    {
        long copies = 3 + optimizer.Create().StateNames.Count;
        long activations = ActivationsPerDimension * rows * config.Layers * config.HiddenSize;
        long logits = 2L * rows * config.VocabSize;
        return (copies * ModelSize.Bytes(config)) + (sizeof(float) * (activations + logits));
    }

    /// <summary>Policy and value model in training, reference and reward models to read, and the keys and values of a collection.</summary>
    public static long OfRollouts(GptNeoXConfig config, OptimizerDefinition optimizer, GptNeoXConfig[] rewards, int rows, int cacheRows) =>
        (2 * OfTraining(config, optimizer, rows)) + (2 * ModelSize.Bytes(config)) + rewards.Sum(reward => 2 * ModelSize.Bytes(reward)) + Cache(config, cacheRows);

    /// <summary>Weights and the files they are mapped from, and the widest layer of a tree of responses.</summary>
    public static long OfScoring(GptNeoXConfig[] models) => models.Sum(
        config => (2 * ModelSize.Bytes(config)) + (sizeof(float) * ActivationsPerDimension * ResponseTrees.MostRows * config.HiddenSize));

    /// <summary>Policy and reference, the larger one's file, and the keys and values of what is sampled at once.</summary>
    public static long OfMeasuring(GptNeoXConfig config, int cacheRows) =>
        (3 * ModelSize.Bytes(config)) + Cache(config, cacheRows);

    private static long Cache(GptNeoXConfig config, int rows) => sizeof(float) * 2L * rows * config.Layers * config.HiddenSize;
}
