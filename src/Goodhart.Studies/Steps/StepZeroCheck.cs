using System.Globalization;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;

namespace Goodhart.Studies.Steps;

/// <summary>At step 0 the policy is the reference, so rewards are 0 and the loss is known. If not, something is wired wrongly.</summary>
public static class StepZeroCheck
{
    /// <summary>Largest mean log-ratio that rounding explains, in nats.</summary>
    private const double Tolerance = 1e-3;

    /// <exception cref="InvalidOperationException">The loss or the rewards are not what they must be.</exception>
    public static void Require(PreferenceLoss loss, PreferenceReport report)
    {
        if (!loss.NeedsReference)
        {
            return;   // the policy's own log-probs are no evidence of what the reference is
        }

        double expected = loss.ValueAtReference ?? report.Loss;

        // Written so that NaN fails too.
        bool asExpected = Math.Abs(report.RewardChosen) <= loss.RewardScale * Tolerance
            && Math.Abs(report.RewardRejected) <= loss.RewardScale * Tolerance
            && Math.Abs(report.Loss - expected) <= 0.01 * Math.Max(1, Math.Abs(expected));
        if (!asExpected)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Step 0 of {loss.Name}: the policy is the reference, so the loss must be {expected:G6} and the rewards 0; found "
                + $"{report.Loss:G6}, {report.RewardChosen:G4} (chosen) and {report.RewardRejected:G4} (rejected). The reference "
                + $"log-probs belong to another model or to other rows."));
        }
    }
}
