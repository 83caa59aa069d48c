using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

/// <summary>Every loss of the catalogue against numbers that were computed elsewhere, and against its own finite differences.</summary>
public sealed class LossConformanceTests
{
    public static TheoryData<int> Rows => [.. Enumerable.Range(0, LossRow.All.Count)];

    [Fact]
    public void Every_loss_has_a_row() => Assert.Equal(
        LossCatalogue.All.Select(entry => entry.Name).Order(StringComparer.Ordinal),
        LossRow.All.Select(row => row.Name).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Matches_sixty_digit_arithmetic(int index)
    {
        LossRow row = LossRow.All[index];
        if (row.Golden is null)
        {
            return;   // Every_golden_loss_is_used and the losses' own tests cover what this does not
        }

        GoldenPair[] cases = GoldenLosses.Pairs(row.Golden);
        Assert.True(cases.Length > 30);
        Assert.All(cases, golden =>
        {
            PairLogProbs pair = new(
                golden["policy_chosen"], golden["policy_rejected"], golden["reference_chosen"], golden["reference_rejected"],
                golden.Length("len_c"), golden.Length("len_r"));
            PreferenceLoss loss = row.Create(golden);
            PairGradient term = LossBatch.Term(loss, pair);
            Close(golden["loss"], term.Loss);
            Close(golden["grad_policy_chosen"], term.Chosen);
            Close(golden["grad_policy_rejected"], term.Rejected);

            // A log-ratio cannot be more exact than its log-probs: −50.0000001 is rounded to a double before it is subtracted from.
            double rounding = golden["beta"] * 2.3e-16;
            PairScores scores = loss.Scores(pair);
            if (row.Golden != "dpo_reference_free")   // that code logs rewards against a reference that its loss ignores
            {
                Assert.Equal(golden["chosen_reward"], loss.RewardScale * scores.Chosen, rounding * Math.Abs(pair.PolicyChosen + pair.ReferenceChosen));
                Assert.Equal(
                    golden["rejected_reward"], loss.RewardScale * scores.Rejected, rounding * Math.Abs(pair.PolicyRejected + pair.ReferenceRejected));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Gradient_matches_finite_differences(int index)
    {
        LossRow row = LossRow.All[index];
        foreach (double beta in (double[])[0.05, 0.4, 1.6])
        {
            foreach (IReadOnlyDictionary<string, double> parameters in (IReadOnlyDictionary<string, double>[])[LossEntryDefaults, row.Other])
            {
                PreferenceLoss loss = LossCatalogue.Create(row.Name, beta, parameters);
                PairLogProbs[] pairs = LossBatch.Ordinary();
                Func<PairLogProbs[], double> batch = row.Frozen?.Invoke(loss, pairs) ?? (changed => LossBatch.Mean(loss, changed));
                PairGradient[] terms = LossBatch.Terms(loss, pairs);
                double rounding = 1e-11 * (1 + Math.Abs(loss.BatchLoss(terms)) * pairs.Length);
                for (int i = 0; i < pairs.Length; i++)
                {
                    int at = i;
                    double chosen = LossBatch.Difference(h => batch(LossBatch.With(pairs, at, pairs[at] with { PolicyChosen = pairs[at].PolicyChosen + h })));
                    double rejected = LossBatch.Difference(
                        h => batch(LossBatch.With(pairs, at, pairs[at] with { PolicyRejected = pairs[at].PolicyRejected + h })));
                    Assert.Equal(terms[i].Chosen, chosen * pairs.Length, rounding + (1e-7 * Math.Abs(terms[i].Chosen)));
                    Assert.Equal(terms[i].Rejected, rejected * pairs.Length, rounding + (1e-7 * Math.Abs(terms[i].Rejected)));
                }
            }
        }
    }

    private static readonly Dictionary<string, double> LossEntryDefaults = [];

    private static void Close(double expected, double actual, double tolerance = 1e-12) => Assert.True(
        Math.Abs(actual - expected) <= tolerance * Math.Abs(expected) || Math.Abs(actual - expected) <= tolerance * tolerance,
        $"expected {expected:R}, got {actual:R}");
}
