using Goodhart.Alignment.Training;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Stages.Training;

/// <summary>How updates are made: constant learning rate after a linear warm-up, global gradient clipping.</summary>
/// <param name="BatchSize">Examples or pairs per update.</param>
/// <param name="ClipNorm">Global gradient norm above which the gradient is scaled down.</param>
public sealed record TrainingRecipe(int BatchSize, OptimizerDefinition Optimizer, double LearningRate, int WarmupSteps, double ClipNorm)
{
    public TrainingOptions Options() => new()
    {
        Optimizer = Optimizer.Create(),
        LearningRate = new ConstantSchedule { Peak = LearningRate, WarmupSteps = WarmupSteps },
        BatchSize = BatchSize,
        ClipNorm = ClipNorm,
    };
}
