using Goodhart.Evaluation.Claims;
using Xunit;
using static Goodhart.Evaluation.Tests.Claims.Deciding;

namespace Goodhart.Evaluation.Tests.Claims;

/// <summary>R-DPO against DPO at equal KL, on studies whose truth is known.</summary>
public sealed class LengthFrontierClaimTests
{
    [Fact]
    public void Frontier_changes_or_not()
    {
        Expect(Verdict.Supported, "length-regularisation-changes-frontier/M", Frontier(d => Hump(d) - (d < 1 ? 0.12 : 0)));
        Expect(Verdict.Contradicted, "length-regularisation-changes-frontier/M", Frontier(Hump) with { Prompts = 4000 });
        Expect(Verdict.Inconclusive, "length-regularisation-changes-frontier/M", Frontier(Hump) with { Prompts = 64 });
    }

    [Fact]
    public void Lower_at_small_kl_and_at_small_beta()
    {
        Expect(Verdict.Supported, "length-regularisation-lower/small-kl/M", Frontier(d => Hump(d) - (d < 1.2 ? 0.08 : 0)));
        Expect(Verdict.Contradicted, "length-regularisation-lower/small-kl/M", Frontier(d => Hump(d) + (d < 1.2 ? 0.08 : 0)));
        Expect(Verdict.Inconclusive, "length-regularisation-lower/small-kl/M", Frontier(Hump));

        // The other reading: the runs of small β are the far ones.
        Expect(Verdict.Supported, "length-regularisation-lower/small-beta/M", Frontier(d => Hump(d) - (d > 1.2 ? 0.08 : 0)));
        Expect(Verdict.Contradicted, "length-regularisation-lower/small-beta/M", Frontier(d => Hump(d) + (d > 1.2 ? 0.08 : 0)));
        Expect(Verdict.Inconclusive, "length-regularisation-lower/small-beta/M", Frontier(d => Hump(d) - (d < 0.8 ? 0.1 : 0)));
    }

    [Fact]
    public void Alleviates_or_exacerbates()
    {
        double Flatter(double d) => d < 1.2 ? Hump(d) : (0.2 * Hump(d)) + (0.8 * Hump(1.2));
        double Steeper(double d) => Hump(d) - (d > 2 ? 0.15 : 0);
        Expect(Verdict.Supported, "length-regularisation-does-not-alleviate/M", Frontier(Hump) with { Prompts = 2000 });
        Expect(Verdict.Contradicted, "length-regularisation-does-not-alleviate/M", Frontier(Flatter));
        Expect(Verdict.Inconclusive, "length-regularisation-does-not-alleviate/M", Frontier(d => Hump(d) + (d > 2.7 ? 0.05 : 0)));
        Expect(Verdict.Supported, "length-regularisation-exacerbates/M", Frontier(Steeper));
        Expect(Verdict.Contradicted, "length-regularisation-exacerbates/M", Frontier(Flatter));
        Expect(Verdict.Inconclusive, "length-regularisation-exacerbates/M", Frontier(Hump));
    }

    [Fact]
    public void Dpo_lengthens()
    {
        SimulatedStudy Growth(double perD) => new() { Length = (_, _, d) => 15 + (perD * d) };
        Expect(Verdict.Supported, "dpo-lengthens/M", Growth(2));
        Expect(Verdict.Contradicted, "dpo-lengthens/M", Growth(-2));
        Expect(Verdict.Inconclusive, "dpo-lengthens/M", Growth(0));
        Assert.DoesNotContain(StudyClaims.Decide(new SimulatedStudy().Build(), Options), c => c.Id == "dpo-lengthens/M");
    }

    private static SimulatedStudy Frontier(Func<double, double> regularised) =>
        new() { Losses = ["dpo", "r-dpo"], WinRate = (loss, _, d, _) => loss == "dpo" ? Hump(d) : regularised(d) };

    private static double Hump(double d) => 0.38 + (d * (0.3 - (0.25 * Math.Log(d))));
}
