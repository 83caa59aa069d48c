using Goodhart.Alignment.Training;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Stages.Training;

/// <summary>How updates are made: a learning rate that follows a schedule, global gradient clipping.</summary>
/// <param name="BatchSize">Examples or pairs per update.</param>
/// <param name="ClipNorm">Global gradient norm above which the gradient is scaled down.</param>
public sealed record TrainingRecipe(int BatchSize, OptimizerDefinition Optimizer, LearningRateSchedule LearningRate, double ClipNorm)
{
    /// <summary>A constant learning rate after a linear warm-up.</summary>
    public TrainingRecipe(int batchSize, OptimizerDefinition optimizer, double learningRate, int warmupSteps, double clipNorm)
        : this(batchSize, optimizer, new ConstantSchedule { Peak = learningRate, WarmupSteps = warmupSteps }, clipNorm)
    {
    }

    public TrainingOptions Options() => new()
    {
        Optimizer = Optimizer.Create(),
        LearningRate = LearningRate,
        BatchSize = BatchSize,
        ClipNorm = ClipNorm,
    };
}
