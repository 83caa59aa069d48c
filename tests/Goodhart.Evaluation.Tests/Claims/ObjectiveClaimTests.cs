using Goodhart.Evaluation.Claims;
using Xunit;
using static Goodhart.Evaluation.Tests.Claims.Deciding;

namespace Goodhart.Evaluation.Tests.Claims;

/// <summary>Section 3.1's claims on losses against each other, on studies whose truth is known.</summary>
public sealed class ObjectiveClaimTests
{
    private static readonly SimulatedStudy Base = new();

    [Fact]
    public void Dpo_is_like_slic_or_not()
    {
        SimulatedStudy Lift(double lift) =>
            new() { Losses = ["dpo", "slic"], WinRate = (loss, _, d, _) => Hump(d) + (loss == "slic" ? lift : 0) };
        Expect(Verdict.Supported, "dpo-like-slic/M", Lift(0));
        Expect(Verdict.Contradicted, "dpo-like-slic/M", Lift(0.1));
        Expect(Verdict.Contradicted, "dpo-like-slic/M", Lift(-0.1));
        Expect(Verdict.Inconclusive, "dpo-like-slic/M", Lift(0.05));
        Assert.Equal(-0.1, Decide("dpo-like-slic/M", Lift(0.1)).Value!.Value, 0.03);
    }

    [Fact]
    public void Ipo_falls_less_at_equal_kl()
    {
        SimulatedStudy Curves(Func<double, double> ipo, Func<double, double> dpo) =>
            new() { Losses = ["dpo", "ipo"], WinRate = (loss, _, d, _) => loss == "ipo" ? ipo(d) : dpo(d) };
        Expect(Verdict.Supported, "ipo-over-optimizes-less/equal-kl/M/dpo", Curves(Plateau, Hump));
        Expect(Verdict.Contradicted, "ipo-over-optimizes-less/equal-kl/M/dpo", Curves(Hump, Plateau));
        Expect(Verdict.Inconclusive, "ipo-over-optimizes-less/equal-kl/M/dpo", Curves(Hump, Hump));
    }

    [Fact]   // one curve of KL and win rate: who goes less far on it falls less
    public void Ipo_falls_less_at_equal_beta()
    {
        SimulatedStudy Reach(double ipo, double dpo) => new()
        {
            Losses = ["dpo", "ipo"],
            WinRate = (_, _, d, _) => Hump(d),
            SqrtKl = (loss, model, beta, fraction) => Base.SqrtKl(loss, model, beta, fraction) * (loss == "ipo" ? ipo : dpo),
        };
        Expect(Verdict.Supported, "ipo-over-optimizes-less/equal-beta/M/dpo", Reach(0.5, 1));
        Expect(Verdict.Contradicted, "ipo-over-optimizes-less/equal-beta/M/dpo", Reach(1, 0.5));
        Expect(Verdict.Inconclusive, "ipo-over-optimizes-less/equal-beta/M/dpo", Reach(1, 1));
    }

    [Fact]
    public void Ipo_hardly_falls_in_the_largest_model()
    {
        SimulatedStudy Largest(Func<double, double> large) =>
            new()
            {
                Losses = ["ipo"],
                Models = ["S", "L"],
                Prompts = 1000,
                WinRate = (_, model, d, _) => model == "L" ? large(d) : Hump(d),
            };
        Expect(Verdict.Supported, "ipo-hardly-over-optimizes/L", Largest(Plateau));
        Expect(Verdict.Contradicted, "ipo-hardly-over-optimizes/L", Largest(Hump));
        Expect(Verdict.Inconclusive, "ipo-hardly-over-optimizes/L", Largest(d => d < 2.5 ? 0.6 : 0.55) with { Prompts = 100 });
        Assert.DoesNotContain(
            StudyClaims.Decide(
                new SimulatedStudy { Losses = ["ipo"] }.Build(), Options), c => c.Id.StartsWith("ipo-hardly", StringComparison.Ordinal));
    }

    [Fact]   // each half of the prompts would choose the other candidate: read apart, neither looks better than it is
    public void The_best_is_read_where_it_was_not_chosen()
    {
        Assert.Equal([0, 0, 0, 0], CrossFit.Best([[1, 0, 1, 0], [0, 1, 0, 1]]));
        Assert.Equal([5, 6, 7], CrossFit.Best([[1, 2, 3], [5, 6, 7]]));
    }

    private static double Hump(double d) => 0.38 + (d * (0.35 - (0.3 * Math.Log(d))));

    /// <summary>The hump up to its peak, and level from there.</summary>
    private static double Plateau(double d) => Hump(Math.Min(d, Math.Exp((0.35 / 0.3) - 1)));
}
