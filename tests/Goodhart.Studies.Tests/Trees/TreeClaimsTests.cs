using Goodhart.Evaluation.Claims;
using Goodhart.Studies.Trees;
using Xunit;

namespace Goodhart.Studies.Tests.Trees;

/// <summary>Verdicts on runs whose answer is known.</summary>
public sealed class TreeClaimsTests
{
    private static readonly TreeSettings Settings = new() { Policies = ["rnn"], Losses = ["dpo"], Seeds = 4 };

    [Fact]
    public void Mass_that_leaves_in_every_seed_supports_the_paper()
    {
        IReadOnlyList<Claim> claims = Decide((_, seed) => 0.5 + (0.01 * seed), share: 0.9);
        Assert.Equal(
            [Verdict.Supported, Verdict.Supported, Verdict.Supported, Verdict.Supported, Verdict.Supported],
                claims.Select(claim => claim.Verdict));
        Assert.Equal(
            ["tree-ood-grows", "tree-pair-falls", "tree-chosen-falls", "tree-concentrates", "tree-seed-noise"],
            claims.Select(claim => claim.Id.Split('/')[0]));
        Assert.Equal(0.505, claims[0].Value!.Value, 1e-9);   // 0.515 at the end, 0.01 at the start
        Assert.All(claims, claim => Assert.EndsWith("/rnn/dpo", claim.Id, StringComparison.Ordinal));
    }

    [Fact]
    public void Mass_that_stays_contradicts_it()
    {
        IReadOnlyList<Claim> claims = Decide((beta, seed) => 0.002 + (0.001 * seed), share: 0.9);
        Assert.Equal(Verdict.Contradicted, claims[0].Verdict);
        Assert.Equal(Verdict.Inconclusive, claims[3].Verdict);   // nothing out of distribution to ask about
        Assert.Null(claims[3].Value);
    }

    [Fact]
    public void Seeds_that_disagree_leave_it_open() =>
        Assert.Equal(Verdict.Inconclusive, Decide((_, seed) => seed % 2 == 0 ? 0.0001 : 0.03, share: 0.9)[0].Verdict);

    [Fact]
    public void Mass_spread_over_many_trajectories_is_not_concentrated() =>
        Assert.Equal(Verdict.Contradicted, Decide((_, seed) => 0.5 + (0.01 * seed), share: 0.2, shareStep: 0.01)[3].Verdict);

    [Theory]
    [InlineData(0.001, 1, Verdict.Contradicted)]
    [InlineData(0.1, 0, Verdict.Supported)]
    public void Seed_noise_is_weighed_against_the_effect_of_beta(double noise, double effect, Verdict verdict) => Assert.Equal(
        verdict, Decide((beta, seed) => 0.3 + (effect * 0.5 * beta) + (noise * (seed - 1.5)) + (1e-6 * beta), share: 0.9)[4].Verdict);

    private static IReadOnlyList<Claim> Decide(Func<double, int, double> outside, double share, double shareStep = 0)
    {
        TreeSummary[] runs =
        [
            .. Settings.Betas.SelectMany(beta => Enumerable.Range(0, Settings.Seeds).Select(seed =>
            {
                double mass = outside(beta, seed);
                return new TreeSummary(
                    "rnn", "dpo", beta, (ulong)seed, new TreeMasses(0.01, 0.99, 0.66, 0.33, 0.33, 1.1),
                    new TreeMasses(mass, 1 - mass, 0.4 * (1 - mass), 0.3 * (1 - mass), 0.1 * (1 - mass), 1), mass, 100, 5, mass / 2,
                    share + (shareStep * seed), mass, 10, 0.1);
            })),
        ];
        return TreeClaims.Decide(new TreeResults(Settings, [], [], []), runs);
    }
}
