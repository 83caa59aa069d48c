namespace Goodhart.Models.Sampling;

/// <summary>A sampled response.</summary>
/// <param name="Item">The prompt's id.</param>
/// <param name="Tokens">Response tokens, EOS included where it ended.</param>
/// <param name="LogProb">log π(y|x) in nats under the sampling distribution (temperature applied).</param>
/// <param name="Finished">Ended with EOS rather than at the length limit.</param>
public sealed record Rollout(int Item, int Sample, int[] Tokens, double LogProb, bool Finished);

/// <summary>A prompt with an id that addresses its noise.</summary>
public readonly record struct SamplingPrompt(int Item, int[] Tokens);

/// <summary>How responses are drawn. The whole vocabulary takes part: no top-k, no top-p.</summary>
/// <param name="Seed">With <paramref name="Purpose"/>, the key of the noise; (item, sample, position, token) address it.</param>
public sealed record SamplingOptions(int EosId, int MaxNewTokens, ulong Seed, string Purpose)
{
    /// <summary>Logits are divided by it; 1 samples the model itself.</summary>
    public double Temperature { get; init; } = 1;

    public int SamplesPerPrompt { get; init; } = 1;

    /// <summary>Prompts decoded together: speed and memory, never the answer.</summary>
    public int PromptsPerBatch { get; init; } = 256;

    /// <summary>Tokens whose keys and values are kept at most, but for a prompt that alone needs more: memory, never the answer. Null: as
    /// many as those prompts have.</summary>
    public int? CacheRows { get; init; }
}
