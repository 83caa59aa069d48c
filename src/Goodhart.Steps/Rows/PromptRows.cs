using Goodhart.Models.Sampling;
using Goodhart.Pipeline;

namespace Goodhart.Steps.Rows;

/// <summary>Prompts to answer, as token ids.</summary>
public abstract record PromptRows : TokenizeRows
{
    public SamplingPrompt[] Read(StepContext context) => TokenFile.Read(
        context.FileOf(this, TokenFile.Name), (id, parts) => new SamplingPrompt(id, parts[0]));
}
