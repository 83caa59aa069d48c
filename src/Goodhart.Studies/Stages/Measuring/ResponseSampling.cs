namespace Goodhart.Studies.Stages.Measuring;

/// <summary>How responses are drawn: the whole vocabulary, no top-k, no top-p.</summary>
/// <param name="Samples">Per prompt.</param>
/// <param name="Seed">Of the noise, which all checkpoints share.</param>
public sealed record ResponseSampling(int Samples, double Temperature, int MaxNewTokens, ulong Seed)
{
    /// <summary>Tokens that a response is taken to have, for estimates of cost.</summary>
    internal double TypicalTokens => 0.5 * MaxNewTokens;
}
