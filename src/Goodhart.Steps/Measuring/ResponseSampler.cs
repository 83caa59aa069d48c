using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Measuring;

/// <summary>
/// Draws responses, many at a time. The noise is addressed by (seed, row, sample, position), so who is drawn together changes no token.
/// </summary>
public sealed class ResponseSampler(LoadedModel model, ResponseSampling sampling) : IDisposable
{
    /// <summary>Memory for keys and values of the sequences that are decoded together.</summary>
    private const long CacheBytes = 512L << 20;

    /// <summary>Often enough that an interruption loses little.</summary>
    private const int MaxPrompts = 64;

    private readonly Sampler sampler = new(
        model.Model,
        new SamplingOptions(model.EosId, sampling.MaxNewTokens, sampling.Seed, "responses")
        {
            Temperature = sampling.Temperature,
            SamplesPerPrompt = sampling.Samples,
            PromptsPerBatch = MaxPrompts,
            CacheRows = CacheRowsOf(model.Model.Config),
        });

    /// <summary>Each prompt with its samples, in the order given, as soon as they and all before them are there.</summary>
    public IEnumerable<(PromptRow Prompt, Rollout[] Responses)> Sample(IReadOnlyList<PromptRow> prompts, CancellationToken cancel) =>
        prompts.Zip(sampler.Stream([.. prompts.Select(prompt => new SamplingPrompt(prompt.Row, prompt.Ids))], cancel));

    /// <summary>The same, as many together as are scored together.</summary>
    public IEnumerable<(PromptRow Prompt, Rollout[] Responses)[]> SampleBatches(
        IReadOnlyList<PromptRow> prompts, CancellationToken cancel) => Sample(prompts, cancel).Chunk(MaxPrompts);

    public void Dispose() => sampler.Dispose();

    private static int CacheRowsOf(ModelConfig config) => (int)(CacheBytes / (2L * sizeof(float) * config.HiddenSize * config.Layers));
}
