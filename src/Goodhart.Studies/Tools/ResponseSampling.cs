using Goodhart.Models;
using Goodhart.Models.Sampling;

namespace Goodhart.Studies.Tools;

/// <summary>How many responses of what kind; everything that changes a token.</summary>
public sealed record ResponseOptions
{
    public int Samples { get; init; } = 1;

    /// <summary>Logits are divided by it; 1 samples the model itself. The whole vocabulary takes part.</summary>
    public double Temperature { get; init; } = 1;

    public required int MaxNewTokens { get; init; }

    public ulong Seed { get; init; }

    /// <exception cref="ArgumentException">A value out of range; the message names the option.</exception>
    public void Validate()
    {
        if (Samples < 1 || MaxNewTokens < 1 || !(Temperature > 0) || !double.IsFinite(Temperature))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"expected --samples and --max-new-tokens >= 1 and --temperature > 0, found {Samples}, {MaxNewTokens} and {Temperature}."));
        }
    }
}

/// <summary>Draws responses a batch at a time. The noise is addressed by (seed, row, sample, position), so batches change no token.</summary>
internal sealed class ResponseSampling(LoadedModel model, ResponseOptions options) : IDisposable
{
    /// <summary>Memory for keys and values of the sequences that are decoded together.</summary>
    private const long CacheBytes = 512L << 20;

    /// <summary>Often enough that an interruption loses little.</summary>
    private const int MaxPrompts = 64;

    private readonly Sampler sampler = new(
        model.Model,
        new SamplingOptions(model.EosId, options.MaxNewTokens, options.Seed, "responses")
        {
            Temperature = options.Temperature,
            SamplesPerPrompt = options.Samples,
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
            long own = prompt.Ids.Length + ((long)options.Samples * options.MaxNewTokens);
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
        [.. sampler.Sample([.. batch.Select(prompt => new SamplingPrompt(prompt.Row, prompt.Ids))]).Chunk(options.Samples)];

    public void Dispose() => sampler.Dispose();
}
