using Goodhart.Alignment.Training;
using Goodhart.Models.Adapters;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Runs;

/// <summary>What every training stage is told.</summary>
/// <param name="ModelPath">The Hugging Face folder to start from.</param>
/// <param name="DataPath">The file to train on.</param>
/// <param name="Seed">Of the data order.</param>
public sealed record TrainingSettings(
    string ModelPath, string DataPath, StageData Data, TrainingOptions Recipe, int Epochs, CheckpointPlan Checkpoints, ulong Seed)
{
    /// <summary>The adapter that is trained instead of the model's weights; null: these, or the folder's adapter where it is one.</summary>
    public LoraConfig? Lora { get; init; }
}
