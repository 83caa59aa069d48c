using Goodhart.Evaluation.Theory;
using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Evaluation.Tests.Theory.SoftQ;

/// <summary>Eq. (11): the bootstrapped sum over tokens that the data show at a prefix, and over the others.</summary>
public sealed class SeenTokensTests
{
    private static readonly TokenizedPair[] Pairs =
    [
        new(0, [7], [0, 1, 2], [0, 2, 2]),
        new(1, [7], [1, 1, 0], [0, 1, 1]),
        new(2, [8], [2, 0, 1], [2, 0, 2]),
    ];

    [Fact]
    public void Exactly_the_same_prefix_of_the_same_prompt()
    {
        IReadOnlyList<int>[] seen = SeenAtPrefix.Of(Pairs).Along([7], [0, 1, 2]);
        Assert.Equal([[0, 1], [1, 2], [2, 1], []], seen);
        Assert.All(SeenAtPrefix.Of(Pairs).Along([7, 7], [0, 1, 2]), Assert.Empty);
        Assert.Equal([[2], [], [], []], SeenAtPrefix.Of(Pairs).Along([8], [0, 1, 2]));
    }

    [Fact]
    public void The_same_last_tokens_after_any_prompt()
    {
        IReadOnlyList<int>[] one = SeenAfterRecent.Of(1, Pairs).Along([99], [0, 1, 2]);
        Assert.Equal([[0, 1, 2], [1, 2], [2, 1, 0], [2, 0]], one);
        IReadOnlyList<int>[] two = SeenAfterRecent.Of(2, Pairs).Along([99], [1, 1, 2]);
        Assert.Equal([[0, 1, 2], [1], [0], []], two);
    }

    [Fact]
    public void The_split_adds_up_and_no_gauge_changes_it()
    {
        Func<int[], double[]> logits = TreePolicies.Logits(3);
        ISeenTokens seen = SeenAtPrefix.Of(Pairs);
        ResponseTree[] trees = [new([7], [new([0, 1, 2], Ended: true), new([1, 1, 0], Ended: false)])];
        PrefixReading[][] own = PrefixReadings.Of(new TabularLogits(3, logits), trees, seen)[0];
        PrefixReading[][] shifted = PrefixReadings.Of(
            new TabularLogits(3, prefix => Array.ConvertAll(logits(prefix), logit => logit + 5 - prefix.Length)), trees, seen)[0];

        PrefixReading second = own[0][1];   // after 0, where the data have 1 and 2
        double[] row = logits([0]);
        double unseen = Math.Exp(row[0]) / row.Sum(Math.Exp);
        Assert.Equal(2, second.Seen);
        Assert.Equal(unseen, second.UnseenShare!.Value, 1e-12);
        Assert.Equal(-Math.Log(1 - unseen), second.UnseenValue!.Value, 1e-12);
        Assert.Equal(Math.Log(Math.Exp(row[1]) + Math.Exp(row[2])), second.LogSumExp - second.UnseenValue!.Value, 1e-12);
        Assert.Null(own[1][3].UnseenShare);   // after 1,1,0: the data end here
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(own[0][i].UnseenShare!.Value, shifted[0][i].UnseenShare!.Value, 1e-12);
            Assert.Equal(own[0][i].Gap, shifted[0][i].Gap, 1e-12);
            Assert.NotEqual(own[0][i].LogSumExp, shifted[0][i].LogSumExp, 0.1);
        }
    }

    [Fact]
    public void A_policy_that_stays_on_the_data_bootstraps_on_nothing_unseen()
    {
        SeenAtPrefix seen = SeenAtPrefix.Of(Pairs);
        TabularLogits onData = new(3, prefix =>
        {
            IReadOnlyList<int> known = seen.Along([7], prefix)[^1];
            return [.. Enumerable.Range(0, 3).Select(token => known.Contains(token) ? 0.0 : -60)];
        });
        BootstrappedShare none = BootstrappedShare.Measure(onData, Pairs[..2], seen);
        Assert.Equal(0, none.UnseenShare!.Value.Mean, 1e-12);
        Assert.Equal(1, none.Covered);

        BootstrappedShare uniform = BootstrappedShare.Measure(new TabularLogits(3, _ => [1, 1, 1]), Pairs[..2], seen);

        // Pair 0: after 0 and after 0,1 two of three seen, twice after 0; after 0,2 one. Pair 1: after 1 one, after 1,1 one, after 0 and
        // 0,1 two.
        double expected = ((3 * (1 / 3.0)) + (2 / 3.0) + (2 * (2 / 3.0)) + (2 * (1 / 3.0))) / 8;
        Assert.Equal(expected, uniform.UnseenShare!.Value.Mean, 1e-12);
        Assert.Equal(Math.Log(3), uniform.GapNats.Mean, 1e-12);
        Assert.Equal(0, uniform.GapNats.StandardError!.Value, 1e-12);
    }

    [Fact]
    public void Where_the_data_do_not_reach_there_is_no_share()
    {
        BootstrappedShare share = BootstrappedShare.Measure(
            new TabularLogits(3, _ => [1, 1, 1]), [new(9, [5], [0, 1], [1, 0])], SeenAtPrefix.Of(Pairs));
        Assert.Equal((null, null, 0.0), (share.UnseenShare, share.UnseenNats, share.Covered));
        Assert.Equal(Math.Log(3), share.GapNats.Mean, 1e-12);
    }
}
