using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Measuring;

/// <summary>
/// Draws responses a batch at a time. The noise is addressed by (seed, row, sample, position), so batches change no token.
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
        });

    /// <summary>Prompts that are sampled together, in the file's order.</summary>
    public IEnumerable<IReadOnlyList<PromptRow>> Batches(IEnumerable<PromptRow> prompts)
    {
        ModelConfig config = model.Model.Config;
        long rows = CacheBytes / (2L * sizeof(float) * config.HiddenSize * config.Layers);
        List<PromptRow> batch = [];
        long used = 0;
        foreach (PromptRow prompt in prompts)
        {
            long own = prompt.Ids.Length + ((long)sampling.Samples * sampling.MaxNewTokens);
            if (batch.Count > 0 && (used + own > rows || batch.Count == MaxPrompts))
            {
                yield return batch;
                (batch, used) = ([], 0);
            }

            batch.Add(prompt);
            used += own;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    /// <returns>Per prompt, its samples.</returns>
    public Rollout[][] Sample(IReadOnlyList<PromptRow> batch) =>
        [.. sampler.Sample([.. batch.Select(prompt => new SamplingPrompt(prompt.Row, prompt.Ids))]).Chunk(sampling.Samples)];

    public void Dispose() => sampler.Dispose();
}
