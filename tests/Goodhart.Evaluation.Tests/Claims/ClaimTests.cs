using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Points;
using Xunit;
using static Goodhart.Evaluation.Tests.Claims.Deciding;

namespace Goodhart.Evaluation.Tests.Claims;

/// <summary>Each claim on simulated studies whose truth is known: one where it holds, one where it fails, one where the data cannot
/// tell.</summary>
public sealed class ClaimTests
{
    private static readonly SimulatedStudy Humped = new() { WinRate = (_, _, d, _) => 0.38 + (d * (0.35 - (0.3 * Math.Log(d)))) };

    [Fact]
    public void Hump()
    {
        Expect(Verdict.Supported, "hump/dpo/M", Humped);
        Expect(Verdict.Contradicted, "hump/dpo/M", Humped with { WinRate = (_, _, d, _) => 0.38 + (0.1 * d) });
        Expect(Verdict.Contradicted, "hump/dpo/M", Humped with { WinRate = (_, _, d, _) => 0.4 - (0.05 * d), SftWinRate = 0.8 });
        Expect(Verdict.Inconclusive, "hump/dpo/M", Humped with { WinRate = (_, _, _, _) => 0.45 });
    }

    [Fact]
    public void A_checkpoint_is_named_by_its_beta_and_best_of_n_by_its_n()
    {
        CheckpointPoint point = new() { Loss = "dpo", Model = "M", Beta = 0.1, Fraction = 0.4, Kl = 1 };
        Assert.Equal("β 0.1 at 40 %", ClaimText.Place(point));
        Assert.Equal("n 16", ClaimText.Place(point with { Loss = RlhfMethods.BestOfN, Beta = null, BestOf = 16 }));
    }

    [Fact]   // 35 looks at one coin: without the correction the best of them "beats" the SFT model and the end more often than not
    public void A_flat_curve_is_seldom_a_hump()
    {
        SimulatedStudy flat = new() { WinRate = (_, _, _, _) => 0.38, Prompts = 128 };
        Claim[] claims = [.. Enumerable.Range(0, 40).Select(seed => Decide("hump/dpo/M", flat with { RandomSeed = (ulong)seed }))];
        Assert.DoesNotContain(claims, claim => claim.Verdict == Verdict.Supported);
        Assert.InRange(claims.Count(claim => claim.Verdict == Verdict.Contradicted), 0, 3);
    }

    [Fact]
    public void Early_peak_and_decline()
    {
        SimulatedStudy Curve(Func<double, double> winRate) => new() { WinRate = (_, _, _, fraction) => winRate(fraction) };
        Expect(Verdict.Supported, "early-peak/dpo/M", Curve(f => f <= 0.4 ? 0.6 : 0.5 - (0.1 * f)));
        Expect(Verdict.Contradicted, "early-peak/dpo/M", Curve(f => 0.3 + (0.3 * f)));
        Expect(Verdict.Inconclusive, "early-peak/dpo/M", Curve(_ => 0.45));
        Expect(Verdict.Inconclusive, "early-peak/dpo/M", Curve(f => f > 0.9 ? 0.35 : f > 0.5 ? 0.65 : 0.55));   // falls, but late
    }

    [Fact]
    public void Kl_by_beta_and_in_the_epoch()
    {
        Expect(Verdict.Supported, "kl-rises-as-beta-falls/dpo/M", Humped);
        Expect(Verdict.Contradicted, "kl-rises-as-beta-falls/dpo/M", Humped with { SqrtKl = (_, _, beta, _) => 1 + beta });
        Expect(Verdict.Inconclusive, "kl-rises-as-beta-falls/dpo/M", Humped with { SqrtKl = (_, _, b, _) => 1 - (0.01 * Math.Log(b)) });

        Expect(Verdict.Supported, "kl-rises-in-epoch/dpo/M", Humped);
        Expect(Verdict.Contradicted, "kl-rises-in-epoch/dpo/M", Humped with { SqrtKl = (_, _, _, fraction) => 2 - fraction });
        Expect(Verdict.Inconclusive, "kl-rises-in-epoch/dpo/M", Humped with { SqrtKl = (_, _, _, _) => 1 });

        Expect(Verdict.Supported, "kl-almost-monotone/dpo/M", Humped);
        Expect(Verdict.Inconclusive, "kl-almost-monotone/dpo/M", Humped with { SqrtKl = (_, _, _, fraction) => 1 + (0.035 * fraction) });
        SimulatedStudy dips = Humped with { SqrtKl = (_, _, _, f) => f < 0.3 ? 1 : f < 0.5 ? 3 : 1 + (1.75 * f) };
        Expect(Verdict.Contradicted, "kl-almost-monotone/dpo/M", dips);   // 1, 3, 2.05, 2.4, 2.75: seven pairs of ten in order, τ = 0.4
        Expect(Verdict.Supported, "kl-rises-in-epoch/dpo/M", dips);
    }

    [Fact]
    public void Ipo_stays_nearer()
    {
        SimulatedStudy Ratio(Func<double, double> ratio) => new()
        {
            Losses = ["dpo", "ipo"],
            SqrtKl = (loss, _, beta, fraction) => Humped.SqrtKl("dpo", "M", beta, fraction) * (loss == "ipo" ? ratio(beta) : 1),
        };
        Expect(Verdict.Supported, "ipo-lower-kl/M/dpo", Ratio(beta => 0.8 - (0.1 * beta)));
        Expect(Verdict.Contradicted, "ipo-lower-kl/M/dpo", Ratio(_ => 1.2));
        Expect(Verdict.Inconclusive, "ipo-lower-kl/M/dpo", Ratio(beta => beta < 0.15 ? 0.8 : 1.2));
        Assert.Equal(0.64, Decide("ipo-lower-kl/M/dpo", Ratio(_ => 0.8)).Value!.Value, 0.02);   // KL = d²
    }

    [Fact]
    public void Small_models_peak_lower_and_earlier()
    {
        // d* = exp(α/β − 1): 0.72 for α/β = 2/3, 1.65 for 1.5, 1.18 for 7/6.
        SimulatedStudy Sizes(double alphaSmall, double alphaLarge, double lift) => new()
        {
            Models = ["S", "L"],
            WinRate = (_, model, d, _) => model == "S"
                ? 0.38 + (d * (alphaSmall - (0.2 * Math.Log(d))))
                : 0.38 + (d * (alphaLarge - (0.2 * Math.Log(d)))) + lift,
        };
        Expect(Verdict.Supported, "small-peaks-lower/dpo/S-L", Sizes(0.15, 0.3, 0.05));
        Expect(Verdict.Contradicted, "small-peaks-lower/dpo/S-L", Sizes(0.3, 0.1, -0.1));
        Expect(Verdict.Inconclusive, "small-peaks-lower/dpo/S-L", Sizes(0.2, 0.2, 0));
        Expect(Verdict.Supported, "small-peaks-earlier/dpo/S-L", Sizes(0.15, 0.3, 0));
        Expect(Verdict.Contradicted, "small-peaks-earlier/dpo/S-L", Sizes(0.3, 0.15, 0));
        Expect(Verdict.Inconclusive, "small-peaks-earlier/dpo/S-L", Sizes(0.2, 0.2, 0));
    }

    [Fact]
    public void Eq_5_against_the_quadratics()
    {
        SimulatedStudy gao = Humped with { Prompts = 2000, Losses = ["dpo", "slic"] };
        SimulatedStudy quadraticInKl = gao with { WinRate = (_, _, d, _) => 0.38 + (0.1 * d * d) - (0.009 * Math.Pow(d, 4)) };
        SimulatedStudy noise = new() { WinRate = (_, _, _, _) => 0.38, Prompts = 64 };

        Expect(Verdict.Supported, "eq5-halves-rmse/sft", gao);
        Expect(Verdict.Supported, "eq5-beats-quadratic-kl/sft", gao);
        Expect(Verdict.Contradicted, "eq5-halves-rmse/sft", quadraticInKl);
        Expect(Verdict.Contradicted, "eq5-beats-quadratic-kl/sft", quadraticInKl);

        // No range of d to tell by.
        Expect(Verdict.Inconclusive, "eq5-beats-quadratic-kl/sft", new() { SqrtKl = (_, _, beta, _) => 1 + (0.05 * beta) });

        Expect(Verdict.Supported, "eq5-like-quadratic-sqrt-kl/sft", noise);
        Expect(Verdict.Contradicted, "eq5-like-quadratic-sqrt-kl/sft", gao);
    }

    [Fact]
    public void No_correlation_needs_a_narrow_interval_not_a_large_p()
    {
        double[] betas = [.. Enumerable.Range(1, 80).Select(i => 0.02 * i)];
        SimulatedStudy many = Humped with { Betas = betas, Prompts = 32, Decorate = Unrelated };
        SimulatedStudy related = Humped with { Decorate = p => p with { Accuracy = 0.5 + (0.3 * p.WinRate), LossValue = 1 - p.WinRate } };
        Expect(Verdict.Supported, "no-accuracy-correlation/dpo/M", many);
        Expect(Verdict.Inconclusive, "no-accuracy-correlation/dpo/M", Humped with { Decorate = Unrelated });
        Expect(Verdict.Contradicted, "no-accuracy-correlation/dpo/M", related);
        Expect(Verdict.Contradicted, "no-loss-correlation/dpo/M", related);

        static CheckpointPoint Unrelated(CheckpointPoint point) => point with
        {
            Accuracy = new RandomStream(9, "accuracy", (uint)(1000 * (point.Beta ?? 0)), (uint)(10 * point.Fraction)).NextDouble(),
        };
    }

    [Fact]
    public void Chosen_log_probs_fall()
    {
        SimulatedStudy Forward(Func<CheckpointPoint, double> kl, double error) =>
            Humped with { Decorate = p => p with { ForwardKl = kl(p), ForwardKlSe = error } };
        Expect(Verdict.Supported, "chosen-log-probs-fall/dpo/M", Forward(p => 0.3 * p.Kl, 0.05));
        Expect(Verdict.Contradicted, "chosen-log-probs-fall/dpo/M", Forward(p => -0.3 * p.Kl, 0.05));
        Expect(Verdict.Inconclusive, "chosen-log-probs-fall/dpo/M", Forward(p => 0.3 * p.Kl, 5));
        Expect(Verdict.Contradicted, "chosen-log-probs-fall/dpo/M", Forward(p => 2 - p.Fraction, 0.05));   // positive, but shrinking
        Expect(Verdict.Supported, "forward-hump/dpo/M", Forward(p => 0.3 * p.Kl, 0.05));
    }
}
