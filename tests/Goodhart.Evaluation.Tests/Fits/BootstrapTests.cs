using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Xunit;

namespace Goodhart.Evaluation.Tests.Fits;

public sealed class BootstrapTests
{
    private static readonly FitOptions Options = new() { Laws = [new GaoLaw()] };

    // The simulation's law: α 0.1, β 0.15, so d* = exp(0.1/0.15 − 1).
    private static readonly double TruePeak = Math.Exp((0.1 / 0.15) - 1);

    [Fact]
    public void Prompt_bootstrap_covers_the_true_peak_about_as_often_as_it_says()
    {
        int covered = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            FitReport report = FitReport.OfStudy(new SimulatedStudy { RandomSeed = seed }.Build(), Options with { Replicates = 200 });
            FitInterval interval = Assert.Single(report.Fits).PeakSqrtKlInterval!;
            covered += interval.Low <= TruePeak && TruePeak <= (interval.High ?? double.PositiveInfinity) ? 1 : 0;
        }

        Assert.InRange(covered, 33, 40);   // binomial(40, 0.95): 33 or fewer has probability 0.003
    }

    [Fact]
    public void Wild_bootstrap_covers_the_true_peak_about_as_often_as_it_says()
    {
        int covered = 0;
        double[] d = [.. Enumerable.Range(1, 35).Select(i => i * 0.1)];
        for (uint repeat = 0; repeat < 60; repeat++)
        {
            RandomStream random = new(5, "noise", repeat);
            double[] y = [.. d.Select(x => 0.38 + (x * (0.1 - (0.15 * Math.Log(x)))) + (0.02 * (0.5 + (x / 3)) * random.NextNormal()))];
            LawFit fit = LawFit.Fit(new GaoLaw(), new SftIntercept(0.38), d, y)!;
            FitInterval interval = PeakIntervals.From(
                WildBootstrap.Refits(fit, d, seed: 1, replicates: 300), 2, 0.95, WildBootstrap.Method).SqrtKl!;
            covered += interval.Low <= TruePeak && TruePeak <= interval.High ? 1 : 0;
        }

        Assert.InRange(covered, 51, 60);   // binomial(60, 0.95): 51 or fewer has probability 0.003
    }

    [Fact]
    public void Anchor_and_points_are_resampled_jointly()
    {
        // A shift common to all outcomes of a prompt cancels in win − SFT win: the peak's place must not feel it.
        IReadOnlyList<EvaluatedCheckpoint> plain = new SimulatedStudy().Build();
        EvaluatedCheckpoint[] shifted = [.. plain.Select(c => c with
        {
            Outcomes = c.Outcomes with { Win = [.. c.Outcomes.Win.Select((w, i) => w + (i % 2 == 0 ? 5 : -5))] },
        })];
        FitInterval expected = FitReport.OfStudy(plain, Options).Fits[0].PeakSqrtKlInterval!;
        FitInterval actual = FitReport.OfStudy(shifted, Options).Fits[0].PeakSqrtKlInterval!;
        Assert.Equal(expected.Low, actual.Low, 9);
        Assert.Equal(expected.High!.Value, actual.High!.Value, 9);
    }

    [Fact]
    public void Several_seeds_are_resampled_too_and_named()
    {
        SimulatedStudy study = new() { Seeds = [0, 1, 2], Betas = [0.01, 0.1, 0.4, 1.6] };
        FitInterval three = FitReport.OfStudy(study.Build(), Options).Fits[0].PeakSqrtKlInterval!;
        FitInterval one = FitReport.OfStudy((study with { Seeds = [0] }).Build(), Options).Fits[0].PeakSqrtKlInterval!;
        Assert.Equal(("bootstrap over prompts and seeds", "bootstrap over prompts"), (three.Method, one.Method));
    }

    [Fact]
    public void A_curve_that_still_rises_has_an_unbounded_peak()
    {
        SimulatedStudy study = new() { WinRate = (_, _, d, _) => 0.38 + (0.1 * d) };
        ScalingLawFit fit = FitReport.OfStudy(study.Build(), Options).Fits[0];
        Assert.Null(fit.PeakSqrtKlInterval!.High);
        Assert.EndsWith("∞)", fit.PeakSqrtKlInterval.Text("F2"), StringComparison.Ordinal);
        Assert.True(fit.PeakSqrtKl is null || fit.PeakExtrapolated);
    }

    [Fact]
    public void Same_seed_same_bits()
    {
        IReadOnlyList<EvaluatedCheckpoint> study = new SimulatedStudy().Build();
        ScalingLawFit fit = FitReport.OfStudy(study, Options).Fits[0];
        Assert.Equal(fit.PeakSqrtKlInterval, FitReport.OfStudy(study, Options).Fits[0].PeakSqrtKlInterval);
        Assert.NotEqual(fit.PeakSqrtKlInterval, FitReport.OfStudy(study, Options with { Seed = 1 }).Fits[0].PeakSqrtKlInterval);
    }
}
