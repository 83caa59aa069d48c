using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Points;
using Xunit;
using static Goodhart.Evaluation.Tests.Claims.Deciding;

namespace Goodhart.Evaluation.Tests.Claims;

/// <summary>Section 3.3's claims on studies whose truth is known.</summary>
public sealed class LengthClaimTests
{
    private static readonly SimulatedStudy Pair = new()
    {
        Losses = ["dpo", "r-dpo"],
        Length = (loss, _, d) => loss == "dpo" ? 15 + (2 * d) : 15,
        WinRate = (_, _, d, _) => 0.38 + (d * (0.35 - (0.3 * Math.Log(d)))),
    };

    [Fact]
    public void Length_regularisation_keeps_the_hump_or_not()
    {
        Expect(Verdict.Supported, "length-regularisation-keeps-hump/M", Pair);
        Expect(Verdict.Contradicted, "length-regularisation-keeps-hump/M", Pair with { WinRate = (_, _, d, _) => 0.38 + (0.1 * d) });
        Assert.DoesNotContain(
            StudyClaims.Decide(new SimulatedStudy().Build(), Options), c => c.Id.Contains("length", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("equal-beta")]
    [InlineData("equal-kl")]
    public void Length_controlled_difference(string at)
    {
        SimulatedStudy Lift(double lift) => Pair with { WinRate = (loss, _, _, _) => loss == "dpo" ? 0.5 : 0.5 + lift };
        Expect(Verdict.Supported, $"length-regularisation-controlled/{at}/M", Lift(0.08));
        Expect(Verdict.Contradicted, $"length-regularisation-controlled/{at}/M", Lift(-0.08));
        Expect(Verdict.Inconclusive, $"length-regularisation-controlled/{at}/M", Lift(0) with { Prompts = 64 });
    }

    [Fact]   // who goes twice as far at the same β is past the peak there; at equal KL there is nothing between them
    public void Equal_beta_is_not_equal_kl()
    {
        SimulatedStudy farther = Pair with
        {
            SqrtKl = (loss, model, beta, f) => Pair.SqrtKl(loss, model, beta, f) * (loss == "dpo" ? 1 : 1.6),
            Prompts = 1000,
        };
        Assert.True(Decide("length-regularisation-controlled/equal-beta/M", farther).Value < -0.04);
        Assert.InRange(Decide("length-regularisation-controlled/equal-kl/M", farther).Value!.Value, -0.03, 0.03);
    }

    [Fact]
    public void R_squared_by_size_and_budget()
    {
        SimulatedStudy R2(Func<CheckpointPoint, double> r2) => new()
        {
            Models = ["S", "L"],
            Decorate = p => p.Loss.Length == 0 ? p : p with { LengthR2 = r2(p), LengthR2Origin = 1 - r2(p) },
        };
        SimulatedStudy paper = R2(p => (p.Model == "S" ? 0.5 : 0.3) - (0.05 * p.SqrtKl));
        Expect(Verdict.Supported, "length-r2-smaller-models/centred/dpo/S-L", paper);
        Expect(Verdict.Contradicted, "length-r2-smaller-models/origin/dpo/S-L", paper);
        Expect(Verdict.Supported, "length-r2-small-budgets/centred/dpo/S", paper);
        Expect(Verdict.Contradicted, "length-r2-small-budgets/origin/dpo/S", paper);
        SimulatedStudy noise = R2(
            p => 0.5 + (0.2 * new RandomStream(5, p.Model, (uint)(1000 * (p.Beta ?? 0)), (uint)(10 * p.Fraction)).NextNormal()));
        Expect(Verdict.Inconclusive, "length-r2-smaller-models/centred/dpo/S-L", noise);
        Expect(Verdict.Inconclusive, "length-r2-small-budgets/centred/dpo/S", noise);
    }
}
