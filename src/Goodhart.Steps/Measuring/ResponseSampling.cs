namespace Goodhart.Steps.Measuring;

/// <summary>How responses are drawn: the whole vocabulary, no top-k, no top-p.</summary>
/// <param name="Samples">Per prompt.</param>
/// <param name="Seed">Of the noise, which all checkpoints share.</param>
public sealed record ResponseSampling(int Samples, double Temperature, int MaxNewTokens, ulong Seed)
{
    /// <summary>Tokens that a response is taken to have, for estimates of cost.</summary>
    public double TypicalTokens => 0.5 * MaxNewTokens;

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
