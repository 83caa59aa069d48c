namespace Goodhart.Models.Sampling;

/// <summary>A prompt under way: its place in the cache, and the samples that share its keys and values.</summary>
internal sealed class SampledPrompt
{
    /// <param name="start">The first of the rows that it has in the cache: the prompt's, then each sample's own.</param>
    public SampledPrompt(SamplingPrompt prompt, int samples, int newTokens, int start)
    {
        Tokens = prompt.Tokens;
        Start = start;
        Rows = RowsOf(prompt, samples, newTokens);
        Sequences =
        [
            .. Enumerable.Range(0, samples).Select(
                sample => new SampledSequence(this, prompt.Item, sample, start + prompt.Tokens.Length + (sample * newTokens))),
        ];
    }

    public int[] Tokens { get; }

    public int Start { get; }

    public int Rows { get; }

    public IReadOnlyList<SampledSequence> Sequences { get; }

    /// <summary>No sample takes part any more.</summary>
    public bool HasLeft => Sequences.All(sequence => sequence.HasLeft);

    /// <summary>Rows of the cache that a prompt needs.</summary>
    public static int RowsOf(SamplingPrompt prompt, int samples, int newTokens) => checked(prompt.Tokens.Length + (samples * newTokens));
}

/// <summary>A response under way.</summary>
/// <param name="OwnStart">The cache row of its first token.</param>
internal sealed record SampledSequence(SampledPrompt Prompt, int Item, int Sample, int OwnStart)
{
    public List<int> Tokens { get; } = [];

    public double LogProb { get; set; }

    /// <summary>Ended by a token that ends.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Takes part no more.</summary>
    public bool HasLeft { get; private set; }

    public void Add(int token, float logProb, int[] ends, int limit)
    {
        Tokens.Add(token);
        LogProb += logProb;
        IsEnded = ends.Contains(token);
        HasLeft = IsEnded || Tokens.Count >= limit;
    }

    public Rollout ToRollout() => new(Item, Sample, [.. Tokens], LogProb, IsEnded);
}
