using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Points;
using Xunit;

namespace Goodhart.Evaluation.Tests.Claims;

/// <summary>"Degrades as RLHF does", on studies whose truth is known.</summary>
public sealed class RlhfClaimTests
{
    /// <summary>Both rise to d = 1.2; beyond it the slopes differ.</summary>
    private static SimulatedStudy Study(double slope, double rlhfSlope) => new()
    {
        Losses = ["dpo", RlhfMethods.Ppo],
        Prompts = 2000,
        SqrtKl = (loss, _, beta, fraction) => (loss == "dpo" ? 1.0 : 0.8) * Math.Sqrt(0.3 + (0.7 * fraction)) * 0.9 / Math.Pow(beta, 0.3),
        WinRate = (loss, _, d, _) => 0.6 - ((loss == "dpo" ? slope : rlhfSlope) * Math.Max(0, d - 1.2)),
    };

    [Theory]
    [InlineData(0.2, 0.2, Verdict.Supported)]
    [InlineData(0.02, 0.28, Verdict.Contradicted)]
    [InlineData(0, 0, Verdict.Inconclusive)]     // alike, but neither falls
    public void Two_falls_are_alike_or_not(double slope, double rlhfSlope, Verdict verdict)
    {
        Claim claim = Decide(Study(slope, rlhfSlope));
        Assert.Equal(verdict, claim.Verdict);
        Assert.Equal("like-rlhf/dpo/M", claim.Id);
    }

    [Fact]
    public void What_only_one_method_reaches_plays_no_part()
    {
        // Alike as far as both go; beyond it direct alignment collapses, in the bin that has no upper end.
        SimulatedStudy alike = Study(0.2, 0.2);
        double reach = alike.Betas.Max(beta => alike.SqrtKl(RlhfMethods.Ppo, "M", beta, 1));
        Claim without = Decide(alike);
        Claim with = Decide(alike with { WinRate = (loss, model, d, f) => d > reach + 0.05 ? 0 : alike.WinRate(loss, model, d, f) });
        Assert.True(alike.SqrtKl("dpo", "M", 0.01, 1) > reach + 0.5);
        Assert.InRange(with.Value!.Value, without.Value!.Value - 0.01, without.Value.Value + 0.01);
        Assert.Equal(Verdict.Supported, with.Verdict);
    }

    [Fact]
    public void Best_of_n_is_not_compared_and_one_method_alone_decides_nothing()
    {
        Assert.DoesNotContain(
            StudyClaims.Decide((Study(0.2, 0.2) with { Losses = ["dpo", RlhfMethods.BestOfN] }).Build(), new() { Replicates = 20 }),
            claim => claim.Id.StartsWith("like-rlhf", StringComparison.Ordinal));
        Assert.DoesNotContain(
            StudyClaims.Decide((Study(0.2, 0.2) with { Losses = [RlhfMethods.Ppo] }).Build(), new() { Replicates = 20 }),
            claim => claim.Id.StartsWith("like-rlhf", StringComparison.Ordinal));
    }

    private static Claim Decide(SimulatedStudy study) => Assert.Single(
        StudyClaims.Decide(study.Build(), new() { Replicates = 20 }), claim => claim.Id.StartsWith("like-rlhf", StringComparison.Ordinal));
}
