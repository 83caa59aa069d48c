using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Fits.Comparison;
using Goodhart.Evaluation.Fits.Pooling;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Evaluation.Tests.Fits;

public sealed class LawComparisonTests
{
    private static readonly TestOptions Options = new() { Replicates = 200 };

    private static readonly FitOptions Pooling = new() { Replicates = 400 };

    private static readonly SimulatedStudy Gao = new()
    {
        Prompts = 2000,
        WinRate = (_, _, d, _) => 0.38 + (d * (0.35 - (0.3 * Math.Log(d)))),
    };

    [Fact]
    public void The_true_law_wins_every_way()
    {
        LawComparison comparison = LawComparison.Of(
            "all", CheckpointGroup.Split(Gao.Build()), InterceptKind.Sft, new GaoLaw(), new QuadraticKlLaw(), Options)!;
        Assert.Equal(["in-sample", "leave-one-out", "leave-one-beta-out"], comparison.Errors.Select(e => e.Errors));
        Assert.All(comparison.Errors, e => Assert.True(e.Ratio < 0.5 && e.Interval.High < 1 && e.P < 0.2, $"{e}"));
        Assert.True(comparison.Vuong is { LogLikelihoodRatio: > 10, T: > 2, Runs: 7 }, $"{comparison.Vuong}");
        Assert.Equal((35, 7, "sft"), (comparison.Points, comparison.Runs, comparison.Intercept));
    }

    [Fact]   // by hand: variances 1 and 4, equal numbers, so each point's ratio is ln 2 + f²/8 − e²/2
    public void Vuongs_ratio_by_hand()
    {
        VuongTest test = VuongTest.Of([[1, -1], [1, 1], [-1]], [[2, 2], [-2, 2], [2]])!;
        Assert.Equal(5 * Math.Log(2), test.LogLikelihoodRatio, 12);

        double[] runs = [2 * Math.Log(2), 2 * Math.Log(2), Math.Log(2)];
        double error = Math.Sqrt(runs.Sum(r => Math.Pow(r - runs.Average(), 2)) / 2 / 3);
        Assert.Equal(runs.Average() / error, test.T, 9);
        Assert.Null(VuongTest.Of([[1], [1]], [[2], [2]]));
        Assert.Null(VuongTest.Of([[0], [0], [0]], [[2], [2], [1]]));
    }

    [Fact]   // a law with one β left out, refitted by hand
    public void Held_out_beta_errors_are_those_of_refits()
    {
        double[] d = [0.5, 1, 1.5, 2, 2.5, 3];
        double[] y = [0.5, 0.55, 0.6, 0.52, 0.5, 0.4];
        double[] betas = [1, 1, 2, 2, 3, 3];
        double[] errors = HeldOutErrors.ByBlock(new GaoLaw(), new SftIntercept(0.4), d, y, betas)!;
        LawFit without = LawFit.Fit(new GaoLaw(), new SftIntercept(0.4), d.AsSpan(2), y.AsSpan(2))!;
        Assert.Equal([y[0] - without.Value(0.5), y[1] - without.Value(1)], errors[..2]);
        Assert.Null(HeldOutErrors.ByBlock(new GaoLaw(), new SftIntercept(0.4), d, y, [1, 1, 1, 1, 1, 1]));
    }

    [Fact]
    public void Points_far_out_are_fitted_apart()
    {
        Assert.Equal(4 + (1.5 * 2), KlBound.Of([1, 2, 3, 4, 5]));   // quartiles 2 and 4
        SimulatedStudy collapsed = Gao with
        {
            SqrtKl = (_, _, beta, fraction) => beta == 0.01 && fraction == 1 ? 15 : Gao.SqrtKl("dpo", "M", beta, fraction),
            WinRate = (_, _, d, _) => d > 10 ? 0.05 : Gao.WinRate("dpo", "M", d, 1),
        };
        FitOptions options = new() { Laws = [new GaoLaw()], Replicates = 50 };
        ScalingLawFit whole = FitReport.OfStudy(collapsed.Build(), options).Fits.Single();
        ScalingLawFit bounded = FitReport.OfBoundedStudy(collapsed.Build(), options).Fits.Single();
        Assert.Equal("dpo/M/bounded", bounded.Group);
        Assert.InRange(bounded.Count, 30, 34);   // the collapsed one, and what else lies beyond the fence
        double truth = Math.Exp((0.35 / 0.3) - 1);
        Assert.True(Math.Abs(bounded.PeakSqrtKl!.Value - truth) < Math.Abs(whole.PeakSqrtKl!.Value - truth));
        Assert.InRange(bounded.LargestSqrtKl, 2, 5);
        Assert.Empty(FitReport.OfBoundedStudy((Gao with { Betas = [0.1, 0.2, 0.4] }).Build(), options).Fits);
    }

    [Fact]
    public void Coefficients_have_intervals_and_held_out_errors_a_number()
    {
        ScalingLawFit fit = FitReport.OfStudy(Gao.Build(), new() { Laws = [new GaoLaw()], Replicates = 200 }).Fits.Single();
        Assert.Equal(["alpha", "beta"], fit.Coefficients.Select(c => c.Name));
        Assert.True(fit.Coefficients[0].Interval is { Low: < 0.35, High: > 0.35 });
        Assert.True(fit.Coefficients[1].Interval is { Low: < 0.3, High: > 0.3 });
        Assert.InRange(fit.RmseHeldOutBeta!.Value, fit.Rmse, 0.05);
        Assert.Null(
            (
                FitReport.OfStudy(
                    (Gao with { Betas = [0.1] }).Build(), new() { Laws = [new GaoLaw()], Replicates = 10 })).Fits.Single().RmseHeldOutBeta);
    }

    [Fact]
    public void Pooled_fits_find_which_coefficient_depends_on_size()
    {
        SimulatedStudy alpha = Gao with
        {
            Models = ["S", "M", "L"],
            WinRate = (_, model, d, _) => 0.38 + (
                d * (0.15 + (0.1 * "SML".IndexOf(model, StringComparison.Ordinal)) - (0.2 * Math.Log(d)))),
        };
        IReadOnlyList<PooledFit> fits = PooledFits.OfStudy(CheckpointGroup.Split(alpha.Build()), Pooling);
        Assert.Equal(["shared", "alpha by size", "beta by size", "trend in log size", "by size"], fits.Select(f => f.Sharing));
        Assert.True(fits[1].RmseHeldOutBeta < fits[0].RmseHeldOutBeta && fits[1].RmseHeldOutBeta < fits[2].RmseHeldOutBeta);
        PooledFit own = fits.Single(f => f.Sharing == "alpha by size");
        Assert.Equal(["alpha/S", "alpha/M", "alpha/L", "beta"], own.Coefficients.Select(c => c.Name));
        Assert.Equal(0.1, own.Coefficients[1].Value - own.Coefficients[0].Value, 0.03);
        Assert.True(own.P < 0.01 && own.Aic < fits[0].Aic - 20);
        double[] truth = [0.15, 0.25, 0.35, 0.2];
        Assert.All(own.Coefficients.Zip(truth), c => Assert.True(
            c.First.Interval is { High: { } high, Method: "bootstrap over prompts" } interval && interval.Low < c.Second
                && c.Second < high, $"{c}"));
        Assert.All(own.Coefficients.Zip(truth), c => Assert.InRange(c.First.Interval!.High!.Value - c.First.Interval.Low, 0.01, 0.1));
        Assert.Null(fits[0].F);

        IReadOnlyList<PooledFit> same = PooledFits.OfStudy(CheckpointGroup.Split((Gao with { Models = ["S", "M"] }).Build()), Pooling);
        Assert.Equal(["shared", "alpha by size", "beta by size", "by size"], same.Select(f => f.Sharing));
        Every.Of(same.Skip(1), f => Assert.True(f.P > 0.02, $"{f.Sharing} {f.P}"));
    }
}
