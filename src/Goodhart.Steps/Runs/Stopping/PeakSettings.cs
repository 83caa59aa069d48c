using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Judges;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;

namespace Goodhart.Steps.Runs.Stopping;

/// <summary>Ending a run where its judged held-out samples stop getting better.</summary>
/// <param name="PromptsPath">Held-out prompts with the responses that samples are judged against.</param>
/// <param name="PromptLimit">The first so many; null: all.</param>
/// <param name="Sampling">Of the policy's responses; all checkpoints share the noise.</param>
public sealed record PeakSettings(string PromptsPath, int? PromptLimit, ResponseSampling Sampling, JudgeChoice Judge)
{
    public StopRule Rule { get; init; } = StopRule.Default;

    /// <summary>Makes what one checkpoint's judging reports to.</summary>
    public Func<IProgress<JudgeProgress>>? Progress { get; init; }
}
