using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Divergence;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Xunit;
using static Goodhart.Evaluation.Tests.Claims.Deciding;

namespace Goodhart.Evaluation.Tests.Claims;

/// <summary>Section 3.5's claims on studies whose truth is known.</summary>
public sealed class LikelihoodClaimTests
{
    private static readonly SimulatedStudy Humped = new() { WinRate = (_, _, d, _) => 0.38 + (d * (0.35 - (0.3 * Math.Log(d)))) };

    [Fact]
    public void Rejected_and_unseen_log_probs_fall_or_rise()
    {
        SimulatedStudy Falling(double nats) => Humped with
        {
            Decorate = p => p.Loss.Length == 0
                ? p with { LogProbData = -10 }
                : p with { RewardRejected = -nats * p.Kl * p.Beta, ForwardKlSampled = nats * p.Kl, LogProbData = -10 - (nats * p.Kl) },
        };
        foreach (string id in new[] { "rejected-log-probs-fall", "unseen-log-probs-fall/samples", "unseen-log-probs-fall/data" })
        {
            Expect(Verdict.Supported, $"{id}/dpo/M", Falling(0.3));
            Expect(Verdict.Contradicted, $"{id}/dpo/M", Falling(-0.3));
        }

        SimulatedStudy mixed = Humped with { Decorate = p => p with { ForwardKlSampled = p.Beta < 0.15 ? -0.2 : 0.2 } };
        Expect(Verdict.Inconclusive, "unseen-log-probs-fall/samples/dpo/M", mixed);
    }

    [Fact]
    public void Eq_7_against_the_sampled_forward_kl()
    {
        SimulatedStudy Ratio(Func<double, double> ratio) =>
            Humped with { Decorate = p => p with { ForwardKl = ratio(p.Beta ?? 1) * p.Kl, ForwardKlSampled = p.Kl } };
        Expect(Verdict.Supported, "eq7-is-forward-kl/dpo/M", Ratio(_ => 1.05));
        Expect(Verdict.Contradicted, "eq7-is-forward-kl/dpo/M", Ratio(_ => 0.5));
        Expect(Verdict.Inconclusive, "eq7-is-forward-kl/dpo/M", Ratio(beta => beta < 0.03 ? 0.6 : 1.2));
        Expect(Verdict.Supported, "sampled-forward-hump/dpo/M", Ratio(_ => 1));
    }

    [Fact]
    public void Improvement_without_falling_log_probs_is_seen()
    {
        SimulatedStudy Forward(Func<CheckpointPoint, double> kl, double error) =>
            Humped with { Decorate = p => p with { ForwardKl = kl(p), ForwardKlSe = error } };
        foreach (string id in new[] { "best-has-fallen-log-probs/dpo/M", "improvement-needs-falling-log-probs/dpo/M" })
        {
            Expect(Verdict.Supported, id, Forward(p => 0.3 * p.Kl, 0.02));
            Expect(Verdict.Contradicted, id, Forward(p => -0.3 * p.Kl, 0.02));
            Expect(Verdict.Inconclusive, id, Forward(p => 0.3 * p.Kl, 5));
        }

        // One run that improves while its chosen responses gain: falling is no longer necessary, though the best still falls.
        SimulatedStudy one = Forward(p => p.Beta == 0.8 ? -0.2 : 0.3 * p.Kl, 0.02);
        Expect(Verdict.Supported, "best-has-fallen-log-probs/dpo/M", one);
        Expect(Verdict.Contradicted, "improvement-needs-falling-log-probs/dpo/M", one);

        // Nothing improves: nothing is needed for it.
        SimulatedStudy flat = Forward(p => 0.3 * p.Kl, 0.02) with { WinRate = (_, _, _, _) => 0.38 };
        Expect(Verdict.Inconclusive, "best-has-fallen-log-probs/dpo/M", flat);
        Assert.DoesNotContain(
            StudyClaims.Decide(flat.Build(), Options), c => c.Id.StartsWith("improvement-needs", StringComparison.Ordinal));
    }

    [Fact]   // by hand: 2.0 ± 0.3 against 1.5 ± 0.4
    public void The_difference_has_both_errors()
    {
        CheckpointPoint point = new() { Loss = "dpo", Model = "M", Kl = 1, WinRate = 0.5, ForwardKl = 2, ForwardKlSe = 0.3 };
        ForwardKlReading reading = ForwardKlReading.Of(point with { ForwardKlSampled = 1.5, ForwardKlSampledSe = 0.4 })!;
        Assert.Equal((0.5, 0.5, 1), (reading.Difference, Math.Round(reading.DifferenceSe!.Value, 12), Math.Round(reading.Z!.Value, 12)));
        Assert.Null(ForwardKlReading.Of(point));
        Assert.Null(ForwardKlReading.Of(point with { ForwardKlSampled = 1.5 })!.Z);
    }

    [Fact]   // forward KL = half the reverse KL, so the law's place moves by √½
    public void Laws_fit_against_the_forward_kl()
    {
        SimulatedStudy study = Humped with { Prompts = 2000, Decorate = p => p with { ForwardKl = p.Kl / 2 } };
        ScalingLawFit fit = FitReport.OfForwardKl(study.Build(), ForwardKlAxis.Eq7, new() { Replicates = 100 }).Fits[0];
        Assert.Equal(("dpo/M/forward-kl", "gao"), (fit.Group, fit.Law));
        Assert.Equal(Math.Exp((0.35 / 0.3) - 1) / Math.Sqrt(2), fit.PeakSqrtKl!.Value, 0.05);
        Assert.Equal(WildBootstrap.MethodByRun, fit.PeakSqrtKlInterval!.Method);
        Assert.Empty(FitReport.OfForwardKl(study.Build(), ForwardKlAxis.Sampled, new()).Fits);
    }
}
