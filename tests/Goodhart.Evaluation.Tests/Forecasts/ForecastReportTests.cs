using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Points;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Evaluation.Tests.Forecasts;

public sealed class ForecastReportTests
{
    private static readonly double TruePeak = Math.Exp((0.3 / 0.25) - 1);

    private static readonly double TrueHeight = 0.38 + (0.25 * TruePeak);

    private static readonly SimulatedStudy Study = new()
    {
        Losses = ["dpo", "ipo", "slic"],
        Models = ["M", "L"],
        SqrtKl = (_, _, beta, fraction) => fraction * 1.2 / Math.Pow(beta, 0.3),
        WinRate = (_, _, d, _) => Math.Max(0.02, 0.38 + (d * (0.3 - (0.25 * Math.Log(d))))),
    };

    [Fact]
    public void Runs_that_over_optimize_are_told_from_those_that_do_not()
    {
        ForecastReport report = ForecastReport.OfStudy(Study.Build(), new());
        Assert.Equal(42, report.Declines.Count);
        Every.Of(report.Declines.Where(r => r.Last.Beta == 0.01), run => Assert.True(run is { Worse: true, P: < 0.001 }, $"{run}"));
        Every.Of(report.Declines.Where(r => r.Last.Beta == 1.6), run => Assert.False(run.Worse, $"{run}"));

        SimulatedStudy flat = Study with { WinRate = (_, _, _, _) => 0.5 };
        Assert.InRange(ForecastReport.OfStudy(flat.Build(), new()).Declines.Count(run => run.Worse), 0, 4);   // 42 at 5 % or less
    }

    [Fact]
    public void The_rule_keeps_more_than_the_last_checkpoint_and_trains_less()
    {
        IReadOnlyList<BackTestRow> rows = ForecastReport.OfStudy(Study.Build(), new()).BackTest;
        Assert.Equal(
            [
                "significant-decline", "always-last", "keep-best", "first-decline", "fixed-kl", "past-forecast-peak",
            ], rows.Select(r => r.Rule));
        BackTestRow rule = rows[0];
        Assert.Equal(42, rule.Runs);
        Assert.True(rule.Lost < rows[1].Lost - 0.05, $"{rule.Lost} {rows[1].Lost}");
        Assert.InRange(rule.Lost, rows[2].Lost - 0.01, rows[2].Lost + 0.01);
        Assert.InRange(rule.Training, 0.3, 0.95);
        Assert.True(rule.FalseAlarms <= rows[3].FalseAlarms);
        Assert.Equal((1, 0, 0), (rows[1].Training, rows[1].Stops, rows[1].FalseAlarms));

        // Whoever keeps the last checkpoint loses, over both halves of the prompts, what the run has fallen.
        double worst = Study.Build().Where(c => !c.IsSft).GroupBy(c => (c.Point.Loss, c.Point.Model, c.Point.Beta))
            .Max(run => run.Max(c => c.WinRate) - run.Last().WinRate);
        Assert.Equal(worst, rows[1].Worst, 9);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Prompts_too_few_to_halve_make_no_back_test(int prompts, bool halved)
    {
        ForecastReport report = ForecastReport.OfStudy(
            [
                .. Study.Build().Select(checkpoint => checkpoint with
                {
                    Outcomes = new PerPromptOutcomes([.. checkpoint.Outcomes.Win.Take(prompts)], [.. checkpoint.Outcomes.Kl.Take(prompts)]),
                }),
            ],
            new());
        Assert.Equal(halved, report.BackTest.Count >= 4);
        Assert.Equal(!halved, report.Measurement.StartsWith("none: halves of fewer than 4 prompts", StringComparison.Ordinal));
    }

    [Fact]
    public void A_forecast_never_sees_its_own_future()
    {
        EvaluatedCheckpoint[] study = [.. Study.Build()];
        EvaluatedCheckpoint[] changed = [.. study.Select(c => c.Point is { Loss: "dpo", Model: "M", Fraction: > 0.5 }
            ? c with { Point = c.Point with { WinRate = 0.01 }, Outcomes = c.Outcomes with { Win = new double[256] } } : c)];
        ForecastOptions two = new() { SeenCheckpoints = 2 };
        RunForecast before = ForecastReport.OfStudy(study, two).Runs.First(r => r.Checkpoint is { Loss: "dpo", Model: "M" });
        RunForecast after = ForecastReport.OfStudy(changed, two).Runs.First(r => r.Checkpoint is { Loss: "dpo", Model: "M" });
        Assert.Equal(before, after);

        // The small β of a group are its future too.
        EvaluatedCheckpoint[] other = [.. study.Select(c => c.Point is { Loss: "dpo", Model: "M", Beta: < 0.2 }
            ? c with { Point = c.Point with { WinRate = 0.01 } } : c)];
        Assert.Equal(ForecastReport.OfStudy(study, new()).Sweeps[0].Forecast, ForecastReport.OfStudy(other, new()).Sweeps[0].Forecast);
    }

    [Fact]
    public void Small_budgets_and_other_groups_forecast_the_peak()
    {
        foreach (SweepForecast sweep in ForecastReport.OfStudy(Study.Build(), new()).Sweeps)
        {
            Assert.Equal([1.6, 0.8, 0.4, 0.2], sweep.SeenBetas);
            Assert.Equal(5, sweep.OtherGroups);
            Assert.InRange(sweep.Forecast!.SqrtKl!.Value, TruePeak - 0.15, TruePeak + 0.15);
            Assert.True(sweep.Forecast.SqrtKlInterval is { High: { } high } place && place.Low < TruePeak && TruePeak < high, $"{sweep}");
            Assert.True(sweep.Forecast.WinRateInterval is { High: { } top } rate && rate.Low < TrueHeight && TrueHeight < top, $"{sweep}");
            Assert.InRange(sweep.Lost!.Value, 0, 0.02);
            Assert.InRange(sweep.Forecast.WinRate!.Value, TrueHeight - 0.08, TrueHeight + 0.08);
        }
    }

    [Fact]
    public void Without_other_groups_the_points_must_do()
    {
        ForecastReport report = ForecastReport.OfStudy((Study with { Losses = ["dpo"], Models = ["M"] }).Build(), new() { SeenBetas = 5 });
        SweepForecast sweep = report.Sweeps.Single();
        Assert.Equal((0, sweep.SeenAlone), (sweep.OtherGroups, sweep.Forecast));
        Assert.Equal(WildBootstrap.MethodByRun, sweep.Forecast!.SqrtKlInterval!.Method);
        Assert.All(report.Runs, run => Assert.Null(run.Peak));
        Assert.DoesNotContain(report.BackTest, row => row.Rule == "past-forecast-peak");
    }

    [Fact]
    public void Points_alone_will_do()
    {
        IReadOnlyList<EvaluatedCheckpoint> study = Study.Build();
        CheckpointPoint[] points = [.. study.Select(c => c.Point with { WinRateSe = 0.03 })];
        ForecastReport report = ForecastReport.OfPoints(points, new() { SeenCheckpoints = 3 });
        Assert.All(report.Runs, run => Assert.Equal(3, run.Seen));
        Every.Of(report.Declines.Where(r => r.Last.Beta == 0.01), run => Assert.True(run.Worse));
        Assert.Equal(6, report.BackTest.Count);
        Assert.Contains("same prompts", report.Measurement, StringComparison.Ordinal);
    }

    [Fact]   // by hand: ln d* of three groups 0, 0.1 and 0.2 has mean 0.1 and deviation 0.1
    public void A_further_groups_place_is_drawn_from_the_others()
    {
        CheckpointGroup[] groups = [.. new[] { 0, 0.1, 0.2 }.SelectMany(log => CheckpointGroup.Split(Exact(log)))];
        PeakPlace place = PeakPlace.From(groups)!;
        Assert.Equal((0.1, 3), (Math.Round(place.MeanLog, 9), place.Groups));
        Assert.Equal(0.1 * Math.Sqrt(4 / 3.0), place.Scale, 9);
        Assert.Equal(0.5, place.ChanceBefore(Math.Exp(0.1)), 9);
        Assert.Equal(0.975, place.ChanceBefore(place.Interval(0.95).High), 6);
        Assert.Null(PeakPlace.From(groups.Take(2)));
    }

    /// <summary>Points exactly on Eq. (5) with β 0.2 and ln d* as asked.</summary>
    private static IReadOnlyList<EvaluatedCheckpoint> Exact(double log)
    {
        CheckpointPoint sft = new() { Loss = "", Model = "M", Kl = 0, WinRate = 0.4 };
        return [.. new[] { 0, 0.5, 1, 1.5, 2, 2.5 }.Select(d => new EvaluatedCheckpoint(
            d == 0 ? sft : sft with { Loss = "dpo", Kl = d * d, WinRate = 0.4 + (0.2 * d * (1 + log - Math.Log(d))) }, new([], [])))];
    }
}
