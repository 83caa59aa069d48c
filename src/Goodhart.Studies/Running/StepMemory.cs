using Goodhart.Models.HuggingFace;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Stages.Running;

namespace Goodhart.Studies.Running;

/// <summary>Memory that steps take at their peak, about: single precision, bytes.</summary>
internal static class StepMemory
{
    /// <summary>Numbers that a layer keeps per token row and hidden dimension until its backward pass, gradients included.</summary>
    private const long ActivationsPerDimension = 34;

    /// <summary>Weights, gradients, optimizer state, and one micro-batch's activations.</summary>
    public static long OfTraining(GptNeoXConfig config, OptimizerDefinition optimizer, int rows) =>
        (ModelSize.Bytes(config) * (2 + optimizer.Create().StateNames.Count)) + (sizeof(float) * ActivationsPerDimension * rows * config.Layers * config.HiddenSize);

    /// <summary>Policy and reference, and the keys and values of what is sampled at once.</summary>
    public static long OfMeasuring(GptNeoXConfig config, int cacheRows) =>
        (2 * ModelSize.Bytes(config)) + (sizeof(float) * 2L * cacheRows * config.Layers * config.HiddenSize);
}
