namespace Goodhart.Studies.Stages.Measuring;

/// <summary>How responses are drawn: the whole vocabulary, no top-k, no top-p.</summary>
/// <param name="Samples">Per prompt.</param>
/// <param name="Seed">Of the noise, which all checkpoints share.</param>
public sealed record ResponseSampling(int Samples, double Temperature, int MaxNewTokens, ulong Seed);
