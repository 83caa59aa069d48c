namespace Goodhart.Evaluation.Length;

/// <summary>How win rates are corrected for length.</summary>
public sealed record LengthOptions
{
    /// <summary>A prompt is length-matched where the response is within this share of the data set's response, or within a token.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>Fewer prompts than this make no rate.</summary>
    public int FewestPrompts { get; init; } = 20;

    /// <summary>A length difference of zero is inside what was seen where at least this many prompts lie on either side.</summary>
    public int FewestEitherSide { get; init; } = 5;

    /// <summary>Checkpoints of other runs that a prompt's difficulty needs.</summary>
    public int FewestOthers { get; init; } = 10;
}
