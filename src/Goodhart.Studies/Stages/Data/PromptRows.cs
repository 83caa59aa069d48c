using Goodhart.Models.Sampling;
using Goodhart.Pipeline;

namespace Goodhart.Studies.Stages.Data;

/// <summary>Prompts to answer, as token ids.</summary>
public abstract record PromptRows : TokenizeRows
{
    internal abstract SamplingPrompt[] Read(StepContext context);
}
