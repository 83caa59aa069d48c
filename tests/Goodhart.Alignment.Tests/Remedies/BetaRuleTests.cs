using System.Text.Json;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Tests.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Remedies;

public sealed class BetaRuleTests
{
    [Fact]
    public void Beta_dpo_agrees_over_successive_batches()
    {
        int refused = 0;
        int floors = 0;
        Assert.All(GoldenCases.Of("batch_remedies.json", "beta_dpo"), c =>
        {
            double beta = c.Number("beta0");
            (double sensitivity, double filter) = (c.Number("a"), c.Number("filter_ratio"));
            GapBeta rule = c.GetProperty("gap").GetString() == "unscaled"
                ? new BatchBeta { Sensitivity = sensitivity, Filter = filter }
                : new BatchRewardBeta { Sensitivity = sensitivity, Filter = filter };
            GapBetaControl control = new(rule, beta, _ => () => 0);   // the cases keep the likeliest pairs
            foreach (JsonElement step in c.GetProperty("steps").EnumerateArray())
            {
                PairLogProbs[] pairs = step.GetProperty("batch").Pairs();
                if (step.GetProperty("beta").ValueKind == JsonValueKind.Null)
                {
                    refused++;
                    Assert.Contains(
                        "raise the batch size",
                        Assert.Throws<ArgumentException>(() => rule.Require(new DpoLoss { Beta = beta }, pairs.Length)).Message,
                        StringComparison.Ordinal);
                    return;
                }

                PairShare[] shares = control.Assign(new BatchFacts(0, pairs, []));
                GoldenCases.Close(step.Number("gap_mean_after"), control.Mean);
                GoldenCases.Close(step.Number("gap_std_after"), control.Deviation);
                GoldenCases.Close(step.Number("beta"), control.Beta);
                Assert.Equal(
                    step.GetProperty("selected").EnumerateArray().Select(i => i.GetInt32()),
                    Enumerable.Range(0, shares.Length).Where(i => shares[i].Weight > 0));
                PairGradient[] terms = [.. LossBatch.Terms(new DpoLoss { Beta = control.Beta }, pairs).Zip(shares, Times)];
                GoldenCases.Close(step.Number("loss"), terms.Average(term => term.Loss));
                for (int i = 0; i < terms.Length; i++)
                {
                    GoldenCases.Close(step.Numbers("grad_policy_chosen")[i], terms[i].Chosen / terms.Length);
                    GoldenCases.Close(step.Numbers("grad_policy_rejected")[i], terms[i].Rejected / terms.Length);
                }

                floors += step.GetProperty("floor_active").GetBoolean() ? 1 : 0;
            }
        });
        Assert.True(refused > 0 && floors > 0, $"{refused} refused, {floors} at the floor");
    }

    [Fact]
    public void Epsilon_dpo_agrees_over_successive_batches()
    {
        HashSet<int> seen = [];
        Assert.All(GoldenCases.Of("batch_remedies.json", "epsilon_dpo"), c =>
        {
            string followed = c.TryGetProperty("update_followed", out JsonElement given) ? given.GetString()! : "next_beta_code";
            PerturbedBeta rule = followed == "next_beta_code"
                ? new PairBeta { Epsilon = c.Number("epsilon") }
                : new PairBetaMean { Epsilon = c.Number("epsilon") };
            BetaControl control = rule.Start(c.Number("beta0"));
            foreach (JsonElement batch in c.GetProperty("batches").EnumerateArray())
            {
                GoldenCases.Close(batch.Number("beta"), control.Beta);
                JsonElement[] pairs = [.. batch.GetProperty("pairs").EnumerateArray()];
                PairShare[] shares = control.Assign(
                    new BatchFacts(0, [], [.. pairs.Select(pair => Ratio(pair, control.Perturbation!.Value))]));
                for (int i = 0; i < pairs.Length; i++)
                {
                    seen.Add(pairs[i].GetProperty("step").GetInt32());
                    GoldenCases.Close(pairs[i].Number("beta_pair"), shares[i].Beta);
                    GoldenCases.Close(pairs[i], LossBatch.Term(new DpoLoss { Beta = shares[i].Beta }, pairs[i].Pair()));
                }

                control.Updated();
                GoldenCases.Close(batch.Number(followed), control.Beta);
            }
        });
        Assert.Equal([-1, 0, 1], seen.Order());
    }

    [Fact]
    public void A_kl_target_agrees_and_counts_pairs() => Assert.All(GoldenCases.Of("batch_remedies.json", "kl_target"), c =>
    {
        KlBudget rule = new() { Target = c.Number("target"), Horizon = c.Number("horizon"), Every = 10, Prompts = 8, MaxTokens = 16 };
        KlBudgetControl control = (KlBudgetControl)rule.Start(c.Number("beta0"));
        int pairs = c.GetProperty("n_steps").GetInt32();
        foreach (JsonElement step in c.GetProperty("steps").EnumerateArray())
        {
            control.Assign(new BatchFacts(0, new PairLogProbs[pairs - (pairs / 2)], []));
            control.Assign(new BatchFacts(0, new PairLogProbs[pairs / 2], []));
            control.Observe(step.Number("kl"));
            GoldenCases.Close(step.Number("beta_after"), control.Beta);
        }
    });

    [Fact]
    public void What_is_kept_is_drawn_by_weight_and_addressed_by_the_update()
    {
        BatchBeta rule = new() { Sensitivity = 0, Filter = 0.5 };
        PairLogProbs[] pairs = [.. Enumerable.Range(0, 8).Select(i => new PairLogProbs(i < 4 ? 0.1 * i : 1.4 + (0.1 * i), 0, 0, 0, 1, 1))];
        int[] Kept(int step)
        {
            GapBetaControl control = (GapBetaControl)rule.Start(0.1);
            control.Restore([0.1, 0.3, 1]);
            PairShare[] shares = control.Assign(new BatchFacts(step, pairs, []));
            Assert.All(shares, share => Assert.True(share is { Weight: 0 or 2, Beta: 0.1 }));
            return [.. Enumerable.Range(0, 8).Where(i => shares[i].Weight > 0)];
        }

        int[][] draws = [.. Enumerable.Range(0, 400).Select(Kept)];
        Assert.All(draws, kept => Assert.Equal(4, kept.Length));
        Assert.Equal(draws[7], Kept(7));
        Assert.True(draws.Distinct(Sequences.Comparer).Count() > 1, "the same pairs every time");
        Assert.True(draws.Sum(kept => kept.Count(i => i < 4)) > 900, "pairs far from the mean are kept too often");
    }

    [Fact]
    public void At_the_reference_beta_dpo_keeps_beta_and_draws_evenly()
    {
        GapBetaControl control = (GapBetaControl)new BatchBeta { Sensitivity = 0.6, Filter = 0.2 }.Start(0.1);
        PairShare[] shares = control.Assign(
            new BatchFacts(0, [.. Enumerable.Range(0, 10).Select(i => new PairLogProbs(-i, -9, -i, -9, 1, 1))], []));
        Assert.Equal(8, shares.Count(share => share == new PairShare(0.1, 1.25)));
        Assert.Equal((0.0, 0.0), (control.Mean, control.Deviation));
    }

    [Fact]
    public void Rounding_moves_no_beta() => Assert.Equal(0, new PerturbedRatio(-3 + 1e-13, -3, -3 - 1e-13, 20).Step);

    public static TheoryData<string> Rules =>
        [.. RemedyCatalogue.All.Where(entry => entry.Create() is BetaRule).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_saved_rule_goes_on_where_it_was(string name)
    {
        BetaRule rule = (BetaRule)RemedyCatalogue.Find(name).Create();
        BetaControl one = rule.Start(0.1);
        Advance(one, 1);
        BetaControl other = rule.Start(0.1);
        other.Restore(one.Save());
        Assert.Equal(one.Save(), other.Save());
        (double oneBeta, PairShare[] oneShares) = Advance(one, 2);
        (double otherBeta, PairShare[] otherShares) = Advance(other, 2);
        Assert.Equal(oneBeta, otherBeta);
        Assert.NotEqual(0.1, oneBeta);
        Assert.Equal(oneShares, otherShares);

        static (double Beta, PairShare[] Shares) Advance(BetaControl control, int step)
        {
            PairLogProbs[] pairs = LossBatch.Ordinary();
            PerturbedRatio[] ratios = [.. pairs.Select((_, i) => new PerturbedRatio(1.1 - (0.2 * (i / 4)), 1, 0.9 + (0.2 * (i / 4)), 1))];
            PairShare[] shares = control.Assign(new BatchFacts(step, pairs, ratios));
            control.Updated();
            (control as KlBudgetControl)?.Observe(4);
            return (control.Beta, shares);
        }
    }

    private static PerturbedRatio Ratio(JsonElement pair, double epsilon)
    {
        double[] ratios = Array.ConvertAll(
            (double[])[epsilon, 0, -epsilon], shift => LogProb(pair, "chosen", shift) - LogProb(pair, "rejected", shift));
        GoldenCases.Close(pair.Number("log_ratio_beta_minus"), ratios[0]);
        GoldenCases.Close(pair.Number("log_ratio"), ratios[1]);
        GoldenCases.Close(pair.Number("log_ratio_beta_plus"), ratios[2]);
        return new PerturbedRatio(
            ratios[0], ratios[1], ratios[2], Math.Abs(LogProb(pair, "chosen", 0)) + Math.Abs(LogProb(pair, "rejected", 0)));
    }

    private static double LogProb(JsonElement pair, string response, double shift)
    {
        return pair.GetProperty(response).EnumerateArray().Sum(OfToken);

        double OfToken(JsonElement token)
        {
            double[] logits = token.Numbers("logits");
            return NextToken.MixedLogProb(
                logits, token.Numbers("reference_logits"), shift, token.GetProperty("token").GetInt32(), new double[logits.Length]);
        }
    }

    private static PairGradient Times(PairGradient term, PairShare share) =>
        new(share.Weight * term.Loss, share.Weight * term.Chosen, share.Weight * term.Rejected);

    private sealed class Sequences : IEqualityComparer<int[]>
    {
        public static readonly Sequences Comparer = new();

        public bool Equals(int[]? one, int[]? other) => one.AsSpan().SequenceEqual(other);

        public int GetHashCode(int[] values) => values.Sum(value => 31 * value);
    }
}
