using Goodhart.Models.HuggingFace;
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

    /// <summary>Policy and reference, the larger one's file, and the keys and values of what is sampled at once.</summary>
    public static long OfMeasuring(GptNeoXConfig config, int cacheRows) =>
        (3 * ModelSize.Bytes(config)) + (sizeof(float) * 2L * cacheRows * config.Layers * config.HiddenSize);
}
