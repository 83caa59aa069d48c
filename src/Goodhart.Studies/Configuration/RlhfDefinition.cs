using Goodhart.Alignment.PolicyGradient;
using Goodhart.Alignment.Training;

namespace Goodhart.Studies.Configuration;

/// <summary>Classical RLHF beside direct alignment: what <c>ppo</c> and <c>best-of-n</c> among a study's losses are run with.</summary>
public sealed record RlhfDefinition(RewardDefinition Reward, PpoDefinition Ppo, BestOfNDefinition BestOfN);

/// <summary>How the reward model is trained: one epoch of the study's pairs.</summary>
public sealed record RewardDefinition(int BatchSize, OptimizerDefinition Optimizer, double LearningRate, int WarmupSteps, double ClipNorm)
{
    public TrainingOptions Options() => new()
    {
        Optimizer = Optimizer.Create(),
        LearningRate = new ConstantSchedule { Peak = LearningRate, WarmupSteps = WarmupSteps },
        BatchSize = BatchSize,
        ClipNorm = ClipNorm,
    };
}

/// <param name="Betas">Coefficients of the KL penalty, one run each.</param>
/// <param name="Collections">Of a run.</param>
/// <param name="Prompts">Of a collection.</param>
/// <param name="Epochs">Passes over a collection.</param>
/// <param name="MiniBatches">Updates per pass.</param>
/// <param name="ValueWarmup">Collections that train the value model alone.</param>
/// <param name="Lambda">λ of the advantage estimate.</param>
public sealed record PpoDefinition(
    IReadOnlyList<double> Betas,
    int Collections,
    int Prompts,
    int SamplesPerPrompt,
    int Epochs,
    int MiniBatches,
    OptimizerDefinition Optimizer,
    double LearningRate,
    double ValueLearningRate,
    int WarmupSteps,
    double ClipNorm,
    double ClipRange,
    int ValueWarmup,
    double Lambda)
{
    internal PpoOptions Options(double coefficient, ulong seed) => new()
    {
        Policy = Training(LearningRate),
        Value = Training(ValueLearningRate),
        Kl = new FixedKl { Initial = coefficient },
        Epochs = Epochs,
        MiniBatches = MiniBatches,
        ClipRange = ClipRange,
        ValueWarmup = ValueWarmup,
        Trace = Lambda,
        Seed = seed,
    };

    private TrainingOptions Training(double rate) => new()
    {
        Optimizer = Optimizer.Create(),
        LearningRate = new ConstantSchedule { Peak = rate, WarmupSteps = WarmupSteps },
        BatchSize = Prompts * SamplesPerPrompt / MiniBatches,
        ClipNorm = ClipNorm,
    };
}

/// <param name="N">Sizes of the choice, ascending.</param>
/// <param name="Pool">Samples per prompt, at least the largest n.</param>
public sealed record BestOfNDefinition(IReadOnlyList<int> N, int Pool);
