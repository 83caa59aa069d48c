using System.Globalization;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Training;

/// <summary>At step 0 the policy is the reference, so rewards are 0 and the loss is known. If not, something is wired wrongly.</summary>
/// <remarks>Up to rounding: the reference was scored in other forests than the update has (<see cref="LogProbRounding"/>).</remarks>
public static class StepZeroCheck
{
    /// <param name="batch">Of the update.</param>
    /// <param name="precision">Of the device.</param>
    /// <param name="isPlain">Whether the batch's loss is that of the loss alone: a remedy may weigh it.</param>
    /// <exception cref="InvalidOperationException">The loss or the rewards are not what they must be.</exception>
    public static void Require(
        PreferenceLoss loss, PreferenceReport report, IReadOnlyList<TokenizedPair> batch, Precision precision, bool isPlain = true)
    {
        if (!loss.NeedsReference)
        {
            return;   // the policy's own log-probs are no evidence of what the reference is
        }

        double chosen = LogProbRounding.OfMean(precision, batch.Sum(pair => pair.Chosen.Length), batch.Count);
        double rejected = LogProbRounding.OfMean(precision, batch.Sum(pair => pair.Rejected.Length), batch.Count);
        Expectation expected = isPlain && loss.ValueAtReference is { } value
            ? new(value, Steepness(loss, batch, chosen, rejected))
            : new(report.Loss, 0);
        Require(
            loss.Name, precision, expected, report.Loss, new(report.RewardChosen, loss.RewardScale * chosen),
            new(report.RewardRejected, loss.RewardScale * rejected));
    }

    /// <inheritdoc cref="Require(PreferenceLoss, PreferenceReport, IReadOnlyList{TokenizedPair}, Precision, bool)"/>
    public static void Require(KtoLoss loss, KtoReport report, IReadOnlyList<KtoRow> batch, Precision precision)
    {
        double desirable = OfKind(isDesirable: true);
        double undesirable = OfKind(isDesirable: false);
        double kl = LogProbRounding.OfMean(precision, batch.Sum(row => row.Mismatched.Length), batch.Count);
        double steepness = Math.Max(Math.Abs(loss.Term(0, true, 0).Slope), Math.Abs(loss.Term(0, false, 0).Slope));
        Require(
            loss.Name, precision,
            new(loss.ValueAtReference(report.Desirable, report.Undesirable), steepness * (Math.Max(desirable, undesirable) + kl)),
            report.Loss, new(report.RewardDesirable ?? 0, loss.Beta * desirable),
            new(report.RewardUndesirable ?? 0, loss.Beta * undesirable));

        double OfKind(bool isDesirable)
        {
            KtoRow[] rows = [.. batch.Where(row => row.Labelled.IsDesirable == isDesirable)];
            return LogProbRounding.OfMean(precision, rows.Sum(row => row.Labelled.Response.Length), rows.Length);
        }
    }

    /// <summary>How far the batch's loss is from its value at the reference where log-ratios are off by so much, to first order.</summary>
    private static double Steepness(PreferenceLoss loss, IReadOnlyList<TokenizedPair> batch, double chosen, double rejected)
    {
        PairLogProbs[] atReference = [.. batch.Select(AtReference)];
        PairGradient[] terms = new PairGradient[atReference.Length];
        loss.Evaluate(atReference, terms);
        return (terms.Max(term => Math.Abs(term.Chosen)) * chosen) + (terms.Max(term => Math.Abs(term.Rejected)) * rejected);

        static PairLogProbs AtReference(TokenizedPair pair) => new(
            -pair.Chosen.Length, -pair.Rejected.Length, -pair.Chosen.Length, -pair.Rejected.Length, pair.Chosen.Length,
            pair.Rejected.Length);
    }

    private static void Require(string name, Precision precision, Expectation expected, double loss, Reward chosen, Reward rejected)
    {
        // Written so that NaN fails too.
        bool asExpected = chosen.IsRounding && rejected.IsRounding
            && Math.Abs(loss - expected.Loss) <= (0.01 * Math.Max(1, Math.Abs(expected.Loss))) + expected.Rounding;
        if (!asExpected)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Step 0 of {name}: the policy is the reference, so the loss must be {expected.Loss:G6} and the rewards 0; found "
                + $"{loss:G6}, {chosen.Found:G4} (chosen) and {rejected.Found:G4} (rejected), where rounding in {precision.Name} explains "
                + $"rewards of {chosen.Rounding:G2} and {rejected.Rounding:G2}. "
                + $"The reference log-probs belong to another model or to other rows."));
        }
    }

    private readonly record struct Expectation(double Loss, double Rounding);

    private readonly record struct Reward(double Found, double Rounding)
    {
        public bool IsRounding => Math.Abs(Found) <= Rounding;
    }
}
