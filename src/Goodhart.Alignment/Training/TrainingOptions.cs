using Goodhart.Engine.Optimizers;

namespace Goodhart.Alignment.Training;

/// <summary>What every kind of training shares.</summary>
public sealed record TrainingOptions
{
    public required Optimizer Optimizer { get; init; }

    public required LearningRateSchedule LearningRate { get; init; }

    /// <summary>Examples or pairs per update.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Global gradient norm above which the gradient is scaled down.</summary>
    public required double ClipNorm { get; init; }

    /// <summary>A constant learning rate after a linear warm-up: the reference code's schedule, which needs no length.</summary>
    public static TrainingOptions Constant(int batchSize, Optimizer optimizer, double learningRate, int warmupSteps, double clipNorm) =>
        new()
        {
            Optimizer = optimizer,
            LearningRate = new ConstantSchedule { Peak = learningRate, WarmupSteps = warmupSteps },
            BatchSize = batchSize,
            ClipNorm = clipNorm,
        };
}
