using Goodhart.Evaluation.Theory;
using Goodhart.Evaluation.Theory.SoftQ;
using Xunit;

namespace Goodhart.Evaluation.Tests.Theory.SoftQ;

/// <summary>Appendix D on the tree, exactly: Eq. (8), (9), (10), (12).</summary>
public sealed class SoftBellmanTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(2)]
    public void The_policys_own_rewards_give_its_logits_back(double beta)
    {
        // Rewards solved for r (Eq. 8) go into soft value iteration, which knows nothing of the policy but them.
        Func<int[], double[]> logits = TreePolicies.Logits(1);
        Dictionary<string, TokenValue> tokens = ValuesByPrefix(beta);
        SoftBellman bellman = Bellman(beta, prefix => tokens[Key(prefix)].Reward);
        foreach (int[] prefix in Prefixes())
        {
            Assert.Equal(logits(prefix).Select(logit => beta * logit), bellman.Q(prefix), Close);
            Assert.Equal(beta * LogSum.Exp(logits(prefix)), bellman.Value(prefix), 1e-12);
            Assert.Equal(TreePolicies.LogProbs(logits(prefix)), bellman.LogPolicy(prefix), Close);
            Assert.Equal(1, bellman.LogPolicy(prefix).Sum(Math.Exp), 1e-12);
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    public void Without_values_the_rewards_are_beta_log_ratios_and_the_policy_is_the_same(double beta)
    {
        Func<int[], double[]> logits = TreePolicies.Logits(1);
        Dictionary<string, TokenValue> tokens = ValuesByPrefix(beta);
        SoftBellman bellman = Bellman(beta, prefix => tokens[Key(prefix)].RewardZeroGauge);
        foreach (int[] prefix in Prefixes())
        {
            Assert.Equal(0, bellman.Value(prefix), 1e-12);
            Assert.Equal(TreePolicies.LogProbs(logits(prefix)), bellman.LogPolicy(prefix), Close);
        }
    }

    [Fact]
    public void A_reward_at_the_end_gives_the_contextual_bandits_policy()
    {
        // π* ∝ π_ref exp(r/β), which section 2 maps rewards to policies by.
        const double Beta = 0.3;
        Func<int[], double> reward = prefix =>
            prefix.Length < TreePolicies.Depth ? 0 : Math.Sin(1 + prefix[0] + (3 * prefix[1]) + (7 * prefix[2]));
        SoftBellman bellman = Bellman(Beta, reward);
        double[] unnormalised =
        [
            .. TreePolicies.All.Responses.Select(response => LogReference(response.Tokens) + (reward(response.Tokens) / Beta)),
        ];
        double total = LogSum.Exp(unnormalised);
        Assert.Equal(Beta * total, bellman.Value([]), 1e-12);
        for (int i = 0; i < unnormalised.Length; i++)
        {
            int[] tokens = TreePolicies.All.Responses[i].Tokens;
            double path = Enumerable.Range(0, tokens.Length).Sum(k => bellman.LogPolicy(tokens[..k])[tokens[k]]);
            Assert.Equal(unnormalised[i] - total, path, 1e-12);
        }
    }

    [Fact]
    public void The_printed_equation_10_does_not_normalise()
    {
        // exp(Q/β − V) sums to exp(V/β − V): one only where V is 0 or β is 1.
        const double Beta = 0.1;
        SoftBellman bellman = Bellman(Beta, prefix => prefix.Sum());
        double value = bellman.Value([]);
        Assert.NotEqual(1, bellman.Q([]).Sum(q => Math.Exp((q / Beta) - value)), 0.1);
        Assert.Equal(
            Math.Exp((value / Beta) - value),
            bellman.Q([]).Sum(q => Math.Exp((q / Beta) - value)),
            1e-6 * Math.Exp((value / Beta) - value));
        Assert.Equal(1, bellman.LogPolicy([]).Sum(Math.Exp), 1e-12);
    }

    [Fact]
    public void The_gap_to_the_maximum_is_at_most_beta_log_vocabulary_and_vanishes_with_beta()
    {
        // Eq. (12), with Q fixed and β alone changing.
        double[] q = [0.3, 1.1, 0.9];
        double[] gaps = [.. ((double[])[1, 0.3, 0.1, 0.03, 0.01]).Select(beta =>
        {
            double gap = beta * PrefixReading.Of(Array.ConvertAll(q, value => value / beta), null, []).Gap;
            Assert.InRange(gap, 0, beta * Math.Log(3));
            Assert.Equal((beta * LogSum.Exp(Array.ConvertAll(q, value => value / beta))) - 1.1, gap, 1e-12);
            return gap;
        })];
        Assert.Equal(gaps.OrderDescending(), gaps);
        Assert.InRange(gaps[^1], 0, 1e-10);
    }

    private static Dictionary<string, TokenValue> ValuesByPrefix(double beta) => ResponseValues
        .Of(
            new TabularLogits(3, TreePolicies.Logits(1)),
            new TabularLogits(3, TreePolicies.Logits(2)),
            [TreePolicies.All],
            beta,
            seen: null)
        .SelectMany(
            (response, i) => response.Tokens.Select(token => (Key(TreePolicies.All.Responses[i].Tokens[..(token.Position + 1)]), token)))
        .DistinctBy(entry => entry.Item1)
        .ToDictionary(entry => entry.Item1, entry => entry.token);

    private static SoftBellman Bellman(double beta, Func<int[], double> reward) => new(
        TreePolicies.Actions, TreePolicies.Depth, beta, reward, prefix => TreePolicies.LogProbs(TreePolicies.Logits(2)(prefix)));

    private static double LogReference(int[] tokens) =>
        Enumerable.Range(0, tokens.Length).Sum(k => TreePolicies.LogProbs(TreePolicies.Logits(2)(tokens[..k]))[tokens[k]]);

    private static IEnumerable<int[]> Prefixes() => TreePolicies.All.Responses
        .SelectMany(response => Enumerable.Range(0, TreePolicies.Depth).Select(length => response.Tokens[..length]));

    private static string Key(int[] prefix) => string.Join(',', prefix);

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) < 1e-12;
}
