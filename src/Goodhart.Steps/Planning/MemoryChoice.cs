using Goodhart.Alignment.Training;
using Goodhart.Models.Adapters;

namespace Goodhart.Steps.Planning;

/// <summary>What a user can say about the memory that training takes.</summary>
/// <param name="RowBudget">Token rows that are computed at once.</param>
/// <param name="Lora">The adapter that is trained; null: all weights are.</param>
/// <param name="Device">What it is planned for.</param>
public sealed record MemoryChoice(int RowBudget, TrainingMemory Memory, LoraConfig? Lora, DeviceMemory Device);
