using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Points;
using Xunit;
using static Goodhart.Evaluation.Tests.Claims.Deciding;

namespace Goodhart.Evaluation.Tests.Claims;

/// <summary>Direct alignment against PPO at equal KL, on studies whose truth is known.</summary>
public sealed class RlhfClaimTests
{
    [Fact]
    public void Degrades_like_rlhf_or_not()
    {
        Expect(Verdict.Supported, "like-rlhf/dpo/M", Curves(0.15, 0.15) with { Prompts = 2000 });
        Expect(Verdict.Contradicted, "like-rlhf/dpo/M", Curves(0.02, 0.18));
        Expect(Verdict.Contradicted, "like-rlhf/dpo/M", Curves(0.18, 0.02));
        Expect(Verdict.Inconclusive, "like-rlhf/dpo/M", Curves(0, 0));   // alike, but nothing degrades
        Expect(Verdict.Inconclusive, "like-rlhf/dpo/M", Curves(0.1, 0.16));
    }

    [Fact]   // PPO collapses where DPO has never been: what lies beyond the common KL does not count
    public void Only_the_kl_that_both_reach_counts()
    {
        SimulatedStudy far = Curves(0.15, 0.15) with
        {
            SqrtKl = (loss, model, beta, fraction) => Curves(0, 0).SqrtKl(loss, model, beta, fraction) * (loss == RlhfMethods.Ppo ? 3 : 1),
            WinRate = (_, _, d, _) => d > 5 ? 0.02 : 0.7 - (0.15 * Math.Clamp(d - 1, 0, 2)),
            Prompts = 1000,
        };
        Expect(Verdict.Supported, "like-rlhf/dpo/M", far);
    }

    [Fact]
    public void Best_of_n_is_not_compared_and_one_method_alone_decides_nothing()
    {
        foreach (string[] losses in (string[][])[["dpo", RlhfMethods.BestOfN], [RlhfMethods.Ppo]])
        {
            Assert.DoesNotContain(
                StudyClaims.Decide((Curves(0.15, 0.15) with { Losses = losses }).Build(), new() { Replicates = 20 }),
                claim => claim.Id.StartsWith("like-rlhf", StringComparison.Ordinal));
        }
    }

    private static SimulatedStudy Curves(double direct, double rlhf) => new()
    {
        Losses = ["dpo", RlhfMethods.Ppo],
        WinRate = (loss, _, d, _) => 0.7 - ((loss == "dpo" ? direct : rlhf) * Math.Max(0, d - 1)),
    };
}
