using Goodhart.Models.Sampling;
using Goodhart.Pipeline;

namespace Goodhart.Steps.Rows;

/// <summary>Prompts to answer, as token ids.</summary>
public abstract record PromptRows : TokenizeRows
{
    public abstract SamplingPrompt[] Read(StepContext context);
}
