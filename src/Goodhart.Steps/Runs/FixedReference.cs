using Goodhart.Alignment.Remedies;

namespace Goodhart.Steps.Runs;

/// <summary>With an adapter the reference is the frozen model that the policy shares: nothing may move it.</summary>
public static class FixedReference
{
    /// <exception cref="ArgumentException">A remedy that moves the reference.</exception>
    public static void Require(RemedyPlan? remedies)
    {
        if (remedies?.Reference is { } update)
        {
            throw new ArgumentException(
                $"{update.Name} moves all weights of the reference, and with an adapter that is the frozen model which the policy "
                + "shares: leave one of the two out.");
        }
    }
}
