using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Steps.Measuring;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Theory;

/// <summary>What <c>goodhart softq</c> measures.</summary>
public sealed record SoftQOptions
{
    /// <summary>The β that the policy was trained with.</summary>
    public required double Beta { get; init; }

    /// <summary>How the policy's own responses are drawn.</summary>
    public required ResponseSampling Responses { get; init; }

    /// <summary>So many pairs of the data, from the first on, are measured; all of them say which tokens were seen.</summary>
    public int Pairs { get; init; } = 64;

    /// <summary>
    /// Null: a token is seen after the same prompt and response so far. Else: after the same last so many response tokens.
    /// </summary>
    public int? SeenAfter { get; init; }

    /// <exception cref="ArgumentException">A value out of range; the message names the option.</exception>
    public void Validate()
    {
        Responses.Validate();
        RequireBeta(Beta);
        if (Pairs < 1 || SeenAfter < 1)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"expected --pairs and --seen-after >= 1, found {Pairs} and '{SeenAfter}'."));
        }
    }

    /// <exception cref="ArgumentException">Not a finite number above zero.</exception>
    public static double RequireBeta(double beta) => double.IsFinite(beta) && beta > 0
        ? beta
        : throw new ArgumentException(FormattableString.Invariant($"expected a finite β above 0, found {beta}."));

    internal ISeenTokens SeenIn(IEnumerable<TokenizedPair> pairs) =>
        SeenAfter is { } count ? SeenAfterRecent.Of(count, pairs) : SeenAtPrefix.Of(pairs);
}
