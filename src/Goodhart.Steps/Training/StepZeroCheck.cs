using System.Globalization;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;

namespace Goodhart.Steps.Training;

/// <summary>At step 0 the policy is the reference, so rewards are 0 and the loss is known. If not, something is wired wrongly.</summary>
public static class StepZeroCheck
{
    /// <summary>Largest mean log-ratio that rounding explains, in nats.</summary>
    private const double Tolerance = 1e-3;

    /// <param name="isPlain">Whether the batch's loss is that of the loss alone: a remedy may weigh it.</param>
    /// <exception cref="InvalidOperationException">The loss or the rewards are not what they must be.</exception>
    public static void Require(PreferenceLoss loss, PreferenceReport report, bool isPlain = true)
    {
        if (!loss.NeedsReference)
        {
            return;   // the policy's own log-probs are no evidence of what the reference is
        }

        double expected = isPlain && loss.ValueAtReference is { } value ? value : report.Loss;
        Require(loss.Name, loss.RewardScale, expected, report.Loss, report.RewardChosen, report.RewardRejected);
    }

    /// <inheritdoc cref="Require(PreferenceLoss, PreferenceReport, bool)"/>
    public static void Require(KtoLoss loss, KtoReport report) => Require(
        loss.Name, loss.Beta, loss.ValueAtReference(report.Desirable, report.Undesirable), report.Loss, report.RewardDesirable ?? 0,
        report.RewardUndesirable ?? 0);

    private static void Require(string name, double scale, double expected, double loss, double chosen, double rejected)
    {
        // Written so that NaN fails too.
        bool asExpected = Math.Abs(chosen) <= scale * Tolerance
            && Math.Abs(rejected) <= scale * Tolerance
            && Math.Abs(loss - expected) <= 0.01 * Math.Max(1, Math.Abs(expected));
        if (!asExpected)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Step 0 of {name}: the policy is the reference, so the loss must be {expected:G6} and the rewards 0; found "
                + $"{loss:G6}, {chosen:G4} (chosen) and {rejected:G4} (rejected). The reference "
                + $"log-probs belong to another model or to other rows."));
        }
    }
}
