using Goodhart.Steps.Measuring;

namespace Goodhart.Steps.Runs.Stopping;

/// <summary>Telling at every checkpoint without a judge how likely it is past the run's peak, and ending the run there if asked.</summary>
/// <param name="PromptsPath">Held-out prompts; responses to them are not looked at.</param>
/// <param name="PromptLimit">The first so many; null: all.</param>
/// <param name="Sampling">Of the policy's responses; all checkpoints share the noise.</param>
/// <param name="TablePath">What the alarm is learnt from; null: the shipped table.</param>
/// <param name="StopAt">The run ends at the first checkpoint with this probability or more; null: it goes to its planned end.</param>
public sealed record AlarmSettings(
    string PromptsPath, int? PromptLimit, ResponseSampling Sampling, string? TablePath, double? StopAt);
