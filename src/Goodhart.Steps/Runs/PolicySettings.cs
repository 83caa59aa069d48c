using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Rewards;
using Goodhart.Models.Adapters;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Text.Datasets;

namespace Goodhart.Steps.Runs;

/// <summary>What a run of PPO or RLOO is told.</summary>
/// <param name="ModelPath">The SFT model: start and reference.</param>
/// <param name="Rewards">Reward models' folders, or folders of runs of <c>goodhart reward</c>.</param>
/// <param name="Gold">Reward models that only measure, named in the same way; empty for none.</param>
/// <param name="Method">Given the first reward model.</param>
/// <param name="Collections">Each is sampled, scored and learnt from.</param>
/// <param name="Seed">Of prompts, samples and mini-batches.</param>
public sealed record PolicySettings(
    string ModelPath,
    IReadOnlyList<string> Rewards,
    IReadOnlyList<string> Gold,
    string PromptsPath,
    RowReading Reading,
    int? MaxPromptTokens,
    int MaxNewTokens,
    Func<NamedFolder, PolicyMethod> Method,
    RewardEnsemble? Ensemble,
    RewardNormalization Normalization,
    TrainingOptions Recipe,
    int Collections,
    int PromptsPerCollection,
    int SamplesPerPrompt,
    CheckpointPlan Checkpoints,
    ulong Seed)
{
    /// <summary>How conversations become text.</summary>
    public ChatStyle Chat { get; init; } = ChatStyle.Usual;

    /// <summary>The adapter that is trained instead of the policy's weights, and of the value model's; null: these, or the folders'
    /// adapters where
    /// they are some.</summary>
    public LoraConfig? Lora { get; init; }
}
