using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Points;
using Xunit;

namespace Goodhart.Evaluation.Tests.Claims;

/// <summary>Section 3.3's claims on studies whose truth is known.</summary>
public sealed class LengthClaimTests
{
    private static readonly ClaimOptions Options = new() { Replicates = 200 };

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
        Assert.DoesNotContain(StudyClaims.Decide(new SimulatedStudy().Build(), Options), c => c.Id.Contains("length", StringComparison.Ordinal));
    }

    [Fact]
    public void Length_controlled_difference()
    {
        SimulatedStudy Lift(double lift) => Pair with { WinRate = (loss, _, _, _) => loss == "dpo" ? 0.5 : 0.5 + lift };
        Expect(Verdict.Supported, "length-regularisation-controlled/M", Lift(0.08));
        Expect(Verdict.Contradicted, "length-regularisation-controlled/M", Lift(-0.08));
        Expect(Verdict.Inconclusive, "length-regularisation-controlled/M", Lift(0) with { Prompts = 64 });
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
        SimulatedStudy noise = R2(p => 0.5 + (0.2 * new RandomStream(5, p.Model, (uint)(1000 * (p.Beta ?? 0)), (uint)(10 * p.Fraction)).NextNormal()));
        Expect(Verdict.Inconclusive, "length-r2-smaller-models/centred/dpo/S-L", noise);
        Expect(Verdict.Inconclusive, "length-r2-small-budgets/centred/dpo/S", noise);
    }

    private static void Expect(Verdict expected, string id, SimulatedStudy study)
    {
        Claim claim = StudyClaims.Decide(study.Build(), Options).Single(claim => claim.Id == id);
        string got = $"{claim.Verdict}: {claim.Value} {claim.Interval?.Text("F3")}; {claim.Reading}";
        Assert.True(claim.Verdict == expected, $"{id}: expected {expected}, got {got}");
    }
}
