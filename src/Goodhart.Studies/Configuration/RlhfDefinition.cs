using Goodhart.Alignment.PolicyGradient;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Optimizers;
using Goodhart.Steps.Training;

namespace Goodhart.Studies.Configuration;

/// <summary>Classical RLHF beside direct alignment: what <c>ppo</c> and <c>best-of-n</c> among a study's losses are run with.</summary>
public sealed record RlhfDefinition(RewardSource Reward, PpoDefinition Ppo, BestOfNDefinition BestOfN);

/// <summary>How the reward model is trained: one epoch of the study's pairs.</summary>
public sealed record RewardDefinition(
    int BatchSize, Optimizer Optimizer, double LearningRate, int WarmupSteps, double ClipNorm) : RewardSource
{
    internal TrainingOptions Recipe() => TrainingOptions.Constant(BatchSize, Optimizer, LearningRate, WarmupSteps, ClipNorm);
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
    Optimizer Optimizer,
    double LearningRate,
    double ValueLearningRate,
    int WarmupSteps,
    double ClipNorm,
    double ClipRange,
    int ValueWarmup,
    double Lambda)
{
    /// <summary>A run as <c>goodhart ppo</c> makes it; what the study does not name is as in <see cref="PpoOptions"/>.</summary>
    internal PpoMethod Method(double coefficient) => new(new PpoOptions
    {
        Policy = Recipe(LearningRate),
        Value = Recipe(ValueLearningRate),
        Kl = new FixedKl { Initial = coefficient },
        Epochs = Epochs,
        MiniBatches = MiniBatches,
        ClipRange = ClipRange,
        ValueWarmup = ValueWarmup,
        Trace = Lambda,
    })
    {
        ValueStart = null,
    };

    internal TrainingOptions Recipe() => Recipe(LearningRate);

    private TrainingOptions Recipe(double rate) =>
        TrainingOptions.Constant(Prompts * SamplesPerPrompt / MiniBatches, Optimizer, rate, WarmupSteps, ClipNorm);
}

/// <param name="N">Sizes of the choice, ascending.</param>
/// <param name="Pool">Samples per prompt, at least the largest n.</param>
public sealed record BestOfNDefinition(IReadOnlyList<int> N, int Pool);
