using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Length;

/// <summary>The win rate over those prompts alone where the response is about as long as the data set's.</summary>
/// <remarks>Which prompts these are depends on the policy: easy to read, but a selection. The length-controlled rate keeps all
/// prompts.</remarks>
public static class LengthMatch
{
    /// <summary>A prompt counts where |response − data| ≤ max(1 token, tolerance · data). Refused where too few do, or lengths were not
    /// measured.</summary>
    public static RateEstimate Rate(PerPromptOutcomes outcomes, LengthOptions options)
    {
        if (outcomes is not { Length: { } lengths, DataLength: { } data })
        {
            return RateEstimate.Refuse("lengths were not measured", 0);
        }

        double[] wins = [.. outcomes.Win.Where((_, i) => Matches(lengths[i], data[i], options.Tolerance))];
        return wins.Length >= options.FewestPrompts
            ? RateEstimate.Of(wins)
            : RateEstimate.Refuse(
                FormattableString.Invariant(
                    $"{wins.Length} of {lengths.Length} prompts match in length, {options.FewestPrompts} are needed"),
                wins.Length);
    }

    private static bool Matches(double length, double data, double tolerance) =>
        Math.Abs(length - data) <= Math.Max(1, tolerance * data);
}
