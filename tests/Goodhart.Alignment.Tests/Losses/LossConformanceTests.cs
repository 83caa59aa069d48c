using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

/// <summary>Every loss of the catalogue against numbers that were computed elsewhere, and against its own finite differences.</summary>
public sealed class LossConformanceTests
{
    public static TheoryData<int> Rows => [.. Enumerable.Range(0, LossRow.All.Count)];

    /// <summary>The others have tests of their own.</summary>
    public static TheoryData<int> Golden =>
        [.. Enumerable.Range(0, LossRow.All.Count).Where(index => LossRow.All[index].Golden is not null)];

    [Fact]
    public void Every_loss_on_pairs_has_a_row() => Assert.Equal(
        LossCatalogue.OnPairs.Select(entry => entry.Name).Order(StringComparer.Ordinal),
        LossRow.All.Select(row => row.Name).Distinct().Order(StringComparer.Ordinal));

    /// <summary>KTO's two are of one response with a label: <see cref="KtoLossTests"/>.</summary>
    [Fact]
    public void Every_golden_loss_is_used() => Assert.Equal(
        GoldenLosses.Names.Except(["kto_chosen", "kto_rejected"]).Order(StringComparer.Ordinal),
        LossRow.All.Select(row => row.Golden).OfType<string>().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Golden))]
    public void Matches_sixty_digit_arithmetic(int index)
    {
        LossRow row = LossRow.All[index];
        GoldenPair[] cases = GoldenLosses.Pairs(row.Golden!);
        Assert.True(cases.Length > 30);
        Assert.All(cases, golden =>
        {
            PairLogProbs pair = new(
                golden["policy_chosen"], golden["policy_rejected"], golden["reference_chosen"], golden["reference_rejected"],
                golden.Length("len_c"), golden.Length("len_r"));
            PreferenceLoss loss = row.Create(golden);
            PairGradient term = LossBatch.Term(loss, pair);

            // A log-ratio cannot be more exact than its log-probs: −50.0000001 is rounded to a double before it is subtracted from. That
            // is what is left of a derivative that is a difference of two (apo-down).
            double rounding = golden["beta"] * 2.3e-16;
            double cancelled = row.Golden == "apo_down"
                ? golden["beta"] * rounding * Math.Abs(pair.PolicyRejected + pair.ReferenceRejected)
                : 0;
            Close(golden["loss"], term.Loss);
            Close(golden["grad_policy_chosen"], term.Chosen, cancelled);
            Close(golden["grad_policy_rejected"], term.Rejected);
            PairScores scores = loss.Scores(pair);
            if (row.Golden != "dpo_reference_free")   // that code logs rewards against a reference that its loss ignores
            {
                Assert.Equal(golden["chosen_reward"], loss.RewardScale * scores.Chosen, rounding * Math.Abs(
                    pair.PolicyChosen + pair.ReferenceChosen));
                Assert.Equal(
                    golden["rejected_reward"], loss.RewardScale * scores.Rejected, rounding * Math.Abs(
                        pair.PolicyRejected + pair.ReferenceRejected));
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
            foreach (IReadOnlyDictionary<string, double> parameters in (IReadOnlyDictionary<string, double>[])[Defaults, row.Other])
            {
                PreferenceLoss loss = LossCatalogue.Create(row.Name, beta, parameters);
                PairLogProbs[] pairs = LossBatch.Ordinary();
                Func<PairLogProbs[], double> batch = row.Frozen?.Invoke(loss, pairs) ?? (changed => LossBatch.Mean(loss, changed));
                PairGradient[] terms = LossBatch.Terms(loss, pairs);
                double rounding = 1e-11 * (1 + Math.Abs(loss.BatchLoss(terms)) * pairs.Length);
                for (int i = 0; i < pairs.Length; i++)
                {
                    int at = i;
                    double chosen = LossBatch.Difference(
                        h => batch(LossBatch.With(pairs, at, pairs[at] with { PolicyChosen = pairs[at].PolicyChosen + h })));
                    double rejected = LossBatch.Difference(
                        h => batch(LossBatch.With(pairs, at, pairs[at] with { PolicyRejected = pairs[at].PolicyRejected + h })));
                    Assert.Equal(terms[i].Chosen, chosen * pairs.Length, rounding + (1e-7 * Math.Abs(terms[i].Chosen)));
                    Assert.Equal(terms[i].Rejected, rejected * pairs.Length, rounding + (1e-7 * Math.Abs(terms[i].Rejected)));
                }
            }
        }
    }

    private static readonly Dictionary<string, double> Defaults = [];

    private static void Close(double expected, double actual, double least = 0) => Assert.True(
        Math.Abs(actual - expected) <= Math.Max((1e-12 * Math.Abs(expected)) + 1e-24, least), $"expected {expected:R}, got {actual:R}");
}
