using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Evaluation.Tests.Fits;

public sealed class FitReportTests
{
    private const string TwoModels = """
        loss,model,kl,winRate
        ,S,0,0.30
        ,M,0,0.40
        dpo,S,1,0.40
        dpo,S,4,0.38
        dpo,S,9,0.30
        dpo,M,1,0.55
        dpo,M,4,0.52
        dpo,M,9,0.40
        ipo,M,1,0.56
        """;

    [Fact]
    public void Groups_are_loss_and_model_each_with_its_own_sft_model()
    {
        FitReport report = Fit(TwoModels, new());
        Assert.Equal(["dpo/S", "dpo/M"], report.Fits.Select(f => f.Group).Distinct());
        Assert.Equal([0.30, 0.40], report.Fits.Where(f => f.Law == "gao").Select(f => f.InterceptValue));
        Assert.All(report.Fits, f => Assert.Equal(3, f.Count));   // the SFT model is not a row
        Assert.Equal(ScalingLaw.All.Count, report.Skipped.Count);   // ipo/M has one point: no law fits
        Assert.StartsWith("ipo/M: gao needs 2 points", report.Skipped[0], StringComparison.Ordinal);
    }

    [Fact]   // every alignment seed samples the SFT model anew: the anchor is all of these samples, as in a file of points
    public void Several_evaluations_of_the_sft_model_are_one_anchor()
    {
        EvaluatedCheckpoint[] study = [.. new SimulatedStudy { Prompts = 4 }.Build()];
        EvaluatedCheckpoint Sft(int seed, params double[] win) =>
            study[0] with { Point = study[0].Point with { Seed = seed, WinRate = win.Average() }, Outcomes = new(win, new double[4]) };
        EvaluatedCheckpoint[] two = [Sft(0, 1, 0, 0, 0), Sft(1, 1, 1, 0, 1), .. study[1..]];
        Assert.All(FitReport.OfStudy(two, new() { Replicates = 5 }).Fits, fit => Assert.Equal(0.5, fit.InterceptValue));
        Assert.Equal([1, 0.5, 0, 0.5], CheckpointGroup.Split(two)[0].Sft!.Outcomes.Win);

        // Without outcomes by prompt the points are averaged.
        EvaluatedCheckpoint[] points = [.. two.Select(c => c with { Outcomes = new([], []) })];
        Assert.Equal(0.5, CheckpointGroup.Split(points)[0].Sft!.WinRate);
    }

    [Fact]
    public void A_file_without_loss_or_model_is_one_group_anchored_at_distance_zero()
    {
        FitReport report = Fit("sqrtKl,winRate\n0,0.4\n1,0.5\n2,0.55\n3,0.5\n4,0.3\n", new());
        Assert.All(report.Fits, f => Assert.Equal(("all", 4, 0.4, "sft"), (f.Group, f.Count, f.InterceptValue, f.Intercept)));
        Assert.Equal(["gao", "quadratic-sqrt-kl", "quadratic-kl", "gao-logit"], report.Fits.Select(f => f.Law));
        Assert.All(report.Fits, f => Assert.Equal("wild residual bootstrap", f.PeakSqrtKlInterval!.Method));
    }

    [Fact]
    public void A_band_is_the_law_without_noise_and_holds_it_with_noise()
    {
        double[] places = [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4];
        double Law(double d) => d == 0 ? 0.4 : 0.4 + (d * (0.3 - (0.2 * Math.Log(d))));
        string Points(double noise) => "sqrtKl,winRate\n0,0.4\n" + string.Join('\n', places.Select((d, i) =>
            FormattableString.Invariant($"{d},{Law(d) + (i % 2 == 0 ? noise : -noise)}")));

        ScalingLawFit exact = Fit(Points(0), new()).Fits.Single(f => f.Law == "gao");
        Assert.Equal((0.0, 4.0), (exact.Band[0].SqrtKl, exact.Band[^1].SqrtKl));
        Assert.All(exact.Band, span => Assert.Equal((Law(span.SqrtKl), Law(span.SqrtKl)), (span.Low, span.High), Near));

        ScalingLawFit noisy = Fit(Points(0.03), new()).Fits.Single(f => f.Law == "gao");
        Assert.Equal((0.4, 0.4), (noisy.Band[0].Low, noisy.Band[0].High), Near);   // the SFT anchor does not move here
        Every.Of(noisy.Band.Skip(1), span => Assert.True(span.Low < Law(span.SqrtKl) && Law(span.SqrtKl) < span.High, $"{span}"));
        Assert.All(noisy.Band, span => Assert.InRange(span.High - span.Low, 0, 0.15));
    }

    private static bool Near((double Low, double High) a, (double Low, double High) b) =>
        Math.Abs(a.Low - b.Low) < 1e-9 && Math.Abs(a.High - b.High) < 1e-9;

    [Fact]
    public void Without_an_sft_model_the_intercept_needs_a_number_or_another_kind()
    {
        const string text = "sqrtKl,winRate\n1,0.5\n2,0.55\n3,0.5\n4,0.3\n";
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Fit(text, new()));
        Assert.Contains("give --sft-win-rate, or choose --intercept free", error.Message, StringComparison.Ordinal);
        Assert.Equal(0.4, Fit(text, new() { SftWinRate = 0.4 }).Fits[0].InterceptValue);
        ScalingLawFit free = Fit(text, new() { Intercept = InterceptKind.Free }).Fits[0];
        Assert.Equal(["intercept", "alpha", "beta"], free.Coefficients.Select(c => c.Name));
        Assert.Equal(0, Fit(text, new() { Intercept = InterceptKind.None }).Fits[0].InterceptValue);
    }

    [Fact]
    public void Any_column_can_group_and_a_missing_one_is_named()
    {
        string text = TwoModels.Replace("loss", "Algorithm", StringComparison.Ordinal);
        Assert.Equal(["S", "M"], Fit(text, new() { GroupBy = ["MODEL"], SftWinRate = 0.3 }).Fits.Select(f => f.Group).Distinct());
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Fit(text, new() { GroupBy = ["modle"] }));
        Assert.Equal("p.csv: cannot group by modle; columns to group by: Algorithm, model. Nearest: model.", error.Message);
    }

    [Fact]
    public void A_peak_beyond_the_data_is_marked()
    {
        const string rising = "sqrtKl,winRate\n0,0.4\n0.5,0.45\n1,0.49\n1.5,0.52\n2,0.54\n";
        FitReport report = Fit(rising, new() { Laws = [new GaoLaw(), new QuadraticSqrtKlLaw()] });
        Assert.All(report.Fits, f => Assert.True(f.PeakExtrapolated && f.PeakSqrtKl > 2));
    }

    private static FitReport Fit(string text, FitOptions options) =>
        FitReport.OfCurve(PointsFile.ReadCurve("p.csv", new StringReader(text)), options with { Replicates = 50 });
}
