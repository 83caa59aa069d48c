using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Points;
using Xunit;
using static Goodhart.Evaluation.Tests.Claims.Deciding;

namespace Goodhart.Evaluation.Tests.Claims;

/// <summary>Claims on model size on studies whose truth is known.</summary>
public sealed class ModelScaleClaimTests
{
    private static readonly SimulatedStudy Base = new() { Models = ["S", "L"] };

    [Fact]
    public void Small_models_reach_higher_kl()
    {
        SimulatedStudy Ratio(Func<double, double> small) => Base with
        {
            SqrtKl = (loss, model, beta, fraction) => new SimulatedStudy().SqrtKl(loss, model, beta, fraction) * (
                model == "S" ? small(beta) : 1),
        };
        Expect(Verdict.Supported, "small-reaches-higher-kl/dpo/S-L", Ratio(_ => 1.3));
        Expect(Verdict.Contradicted, "small-reaches-higher-kl/dpo/S-L", Ratio(_ => 0.8));
        Expect(Verdict.Inconclusive, "small-reaches-higher-kl/dpo/S-L", Ratio(beta => beta < 0.15 ? 0.8 : 1.2));
        Assert.Equal(1.69, Decide("small-reaches-higher-kl/dpo/S-L", Ratio(_ => 1.3)).Value!.Value, 0.05);   // KL = d²
    }

    [Theory]
    [InlineData("equal-kl")]
    [InlineData("equal-beta")]
    public void Small_models_fall_more(string at)
    {
        SimulatedStudy Fall(double small, double large) =>
            Base with { WinRate = (_, model, d, _) => 0.6 - ((model == "S" ? small : large) * Math.Max(0, d - 1)) };
        Expect(Verdict.Supported, $"small-over-optimizes-more/{at}/dpo/S-L", Fall(0.15, 0.02));
        Expect(Verdict.Contradicted, $"small-over-optimizes-more/{at}/dpo/S-L", Fall(0.02, 0.15));
        Expect(Verdict.Inconclusive, $"small-over-optimizes-more/{at}/dpo/S-L", Fall(0.1, 0.1));
    }

    [Fact]
    public void Small_models_fit_worse()
    {
        SimulatedStudy Accuracy(double large) => Base with
        {
            Decorate = p => p with
            {
                Accuracy = 0.7 + (p.Model == "L" ? large : 0)
                    + (0.01 * new RandomStream(8, p.Model, (uint)(1000 * (p.Beta ?? 0)), (uint)(10 * p.Fraction)).NextNormal()),
            },
        };
        Expect(Verdict.Supported, "small-fits-worse/dpo/S-L", Accuracy(0.05));
        Expect(Verdict.Contradicted, "small-fits-worse/dpo/S-L", Accuracy(-0.05));
        Expect(Verdict.Inconclusive, "small-fits-worse/dpo/S-L", Accuracy(0));
    }

    [Fact]
    public void The_smallest_is_compared_with_every_larger_one()
    {
        SimulatedStudy three = Base with { Models = ["S", "M", "L"], WinRate = (_, model, _, _) => model == "S" ? 0.4 : 0.55 };
        Expect(Verdict.Supported, "small-peaks-lower/dpo/S-M", three);
        Expect(Verdict.Supported, "small-peaks-lower/dpo/S-L", three);
        Assert.DoesNotContain(StudyClaims.Decide(three.Build(), Options), claim => claim.Id.EndsWith("/M-L", StringComparison.Ordinal));
    }

    [Fact]   // 35 checkpoints against five: the best of many must not win by their number
    public void Many_looks_are_no_advantage()
    {
        int wrong = 0;
        for (uint seed = 0; seed < 40; seed++)
        {
            SimulatedStudy flat = Base with { WinRate = (_, _, _, _) => 0.5, RandomSeed = seed, Prompts = 128 };
            EvaluatedCheckpoint[] fewer = [.. flat.Build().Where(c => c.Point.Model == "L" || c.IsSft || c.Point.Beta == 0.1)];
            wrong += StudyClaims.Decide(fewer, Options with { Replicates = 20 })
                .Single(c => c.Id == "small-peaks-lower/dpo/S-L").Verdict == Verdict.Inconclusive
                ? 0
                : 1;
        }

        Assert.InRange(wrong, 0, 3);
    }
}
