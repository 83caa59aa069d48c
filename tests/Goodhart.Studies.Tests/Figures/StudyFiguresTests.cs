using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Report.Html;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Xunit;

namespace Goodhart.Studies.Tests.Figures;

/// <summary>What the figures of a study draw, mark by mark.</summary>
public sealed class StudyFiguresTests
{
    [Fact]
    public void Several_seeds_show_their_spread_in_every_figure()
    {
        List<CheckpointPoint> measured = GridStudy.Results.Points.Select(Measured).ToList();
        IEnumerable<CheckpointPoint> points = measured.Concat(measured.Where(p => p.Loss.Length > 0).Select(p => p with
        {
            Seed = 1,
            WinRate = p.WinRate + 0.02,
            Kl = 1.1 * p.Kl,
            LogProbChosen = p.LogProbChosen - 1,
            LengthR2 = p.LengthR2 + 0.1,
        }));
        StudyResults once = GridStudy.Results with { Points = measured };
        StudyResults twice = GridStudy.Results with { Points = [.. points], Study = GridStudy.Results.Study with { Seeds = [0, 1] } };

        IReadOnlyList<FigureBlock> blocks = StudyFigures.Build(twice);
        Assert.Equal(13, blocks.Count);
        foreach (FigureBlock block in blocks)
        {
            int spread = block.Figure.Id.StartsWith("figure2", StringComparison.Ordinal)
                || block.Figure.Id.StartsWith("figure8", StringComparison.Ordinal)
                || block.Figure.Id.StartsWith("likelihoods", StringComparison.Ordinal)
                || block.Figure.Id == "alarm-runs"
                ? Marks(block).OfType<BandMark>().Sum(band => band.Spans.Count(span => span.High > span.Low))
                : Marks(block).OfType<RangeMark>().Sum(range => range.Ranges.Count(r => r.High > r.Low || r.Right > r.Left));
            Assert.True(spread > 20, $"{block.Figure.Id}: {spread} spreads");
            Assert.Contains("seeds", block.Caption, StringComparison.Ordinal);
        }

        Assert.All(StudyFigures.Build(once), block => Assert.All(Marks(block).OfType<RangeMark>(), range => Assert.Empty(range.Ranges)));
        Assert.DoesNotContain(StudyFigures.Build(once), block => block.Caption.Contains("pale crosses", StringComparison.Ordinal));
        Assert.Contains("Seed", ReportPage.Of(StudyReport.Render(twice)).Descendants("th").Select(t => t.Value));
    }

    [Fact]
    public void A_point_of_several_seeds_is_their_mean_with_its_ends()
    {
        CheckpointPoint one = GridStudy.Results.Points.Single(p => p is { Loss: "dpo", Model: "M", Beta: 0.1, Fraction: 1 });
        StudyResults results = GridStudy.Where(p => p.Loss.Length == 0 || p == one);
        CheckpointPoint other = one with { Seed = 1, WinRate = one.WinRate + 0.1, Kl = 4 * one.Kl };

        Panel panel = StudyFigures.Build(results with { Points = [.. results.Points, other] })[0].Figure.Rows[0].Panels[0];
        ChartPoint point = Assert.Single(panel.Marks.OfType<PointMark>().Where(m => m.Shape != MarkerShape.Star).SelectMany(m => m.Points));
        ChartRange range = Assert.Single(panel.Marks.OfType<RangeMark>().SelectMany(m => m.Ranges));
        Assert.Equal((1.5 * one.SqrtKl, one.WinRate!.Value + 0.05), (point.X, point.Y), Near);
        Assert.Equal((one.SqrtKl, one.WinRate.Value), (range.Left, range.Low), Near);
        Assert.Equal((2 * one.SqrtKl, one.WinRate.Value + 0.1), (range.Right, range.High), Near);
        Assert.Null(point.Low);
        Assert.Contains("mean of 2 seeds", point.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Error_bars_at_equal_kl_hold_the_spread_between_seeds()
    {
        List<CheckpointPoint> dpo = GridStudy.Results.Points.Where(p => p is { Loss: "dpo", Model: "M", SqrtKl: >= 1 and < 1.4 }).ToList();
        StudyResults results = GridStudy.Results with
        {
            Points = [.. GridStudy.Results.Points, .. dpo.Select(p => p with { Seed = 1, WinRate = p.WinRate + 0.06 })],
            EqualKl =
            [
                new("M", 1, 1.4, "dpo", 2 * dpo.Count, 1.2, 0.6, 0.04, null, null, null),
                new("M", 1, 1.4, "ipo", 1, 1.2, 0.5, 0.04, null, null, null),
            ],
        };

        FigureBlock block = StudyFigures.Build(results).Single(b => b.Figure.Id == "equal-kl");
        List<ChartPoint> bars = Marks(block).OfType<PointMark>().SelectMany(m => m.Points).ToList();
        Assert.Equal(2, bars.Count);
        Assert.Equal(0.05, (bars[0].High - bars[0].Low)!.Value / 2, 9); // √(0.04² + 0.03²): two seeds 0.06 apart
        Assert.Equal(0.04, (bars[1].High - bars[1].Low)!.Value / 2, 9);
    }

    [Fact]
    public void A_law_has_its_band_and_the_place_of_its_peak()
    {
        ScalingLawFit fit = GridStudy.Results.Fits.First(
            f => f is { Group: "dpo/M", Law: "gao", Intercept: "sft", PeakExtrapolated: false });
        StudyResults results = GridStudy.Results with
        {
            Fits = [fit with { Band = [new(0, 0.2, 0.3), new(1, 0.4, 0.6), new(2, 0.3, 0.5)] }],
        };

        FigureBlock block = StudyFigures.Build(results)[0];
        Panel panel = block.Figure.Rows[1].Panels[0];
        Assert.Equal(3, Assert.Single(panel.Marks.OfType<BandMark>()).Spans.Count);
        PlaceMark place = Assert.Single(panel.Marks.OfType<PlaceMark>());
        Assert.Equal((fit.PeakSqrtKl, fit.PeakSqrtKlInterval!.Low, fit.PeakSqrtKlInterval.High), (place.X, place.Low, place.High));
        Assert.Contains("95 % band", block.Caption, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Marks(StudyFigures.Build(results with { Fits = [fit with { PeakExtrapolated = true }] })[0]), mark => mark is PlaceMark);
    }

    [Fact]
    public void What_was_measured_beside_win_rate_and_kl_is_drawn_too()
    {
        StudyResults results = GridStudy.Results with
        {
            Points = [.. GridStudy.Results.Points.Select(Measured)],
            EqualKl =
            [
                new("M", 0.4, 0.7, "dpo", 3, 0.5, 0.6, 0.02, 0.1, 0.01, 0.04),
                new("M", 0.4, 0.7, "ipo", 2, 0.6, 0.5, 0.02, -0.1, 0.01, 0.04),
            ],
        };

        Dictionary<string, FigureBlock> blocks = StudyFigures.Build(results).ToDictionary(b => b.Figure.Id);
        Assert.Equal(
            [
                "alarm-runs", "equal-kl", "figure1", "figure2", "figure3-right", "figure4", "figure4-loss", "figure5", "figure5-sampled",
                "figure8",
                "figure8-2",
                "likelihoods-l", "likelihoods-m", "likelihoods-s",
            ],
            blocks.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("within a size: 1.00 to 1.00 over 9 loss × size groups", blocks["figure4"].Reading, StringComparison.Ordinal);
        Assert.Contains("−1.00 to −1.00", blocks["figure4-loss"].Reading, StringComparison.Ordinal);
        Assert.Contains("S 0.100, M 0.200, L 0.300", blocks["figure3-right"].Reading, StringComparison.Ordinal);
        Assert.Contains(
            "chosen −2.0; rejected −3.0; data −4.0; SFT samples −5.0", blocks["likelihoods-m"].Reading, StringComparison.Ordinal);
        Assert.Matches("^At [0-9]+ of 63 runs the alarm is raised at the last checkpoint[.] With a ", blocks["alarm-runs"].Reading);
        Assert.Contains("2 of 2 comparisons", blocks["equal-kl"].Reading, StringComparison.Ordinal);
        Assert.Equal(blocks.Count, ReportPage.Of(StudyReport.Render(results)).Descendants("figure").Count());
    }

    private static CheckpointPoint Measured(CheckpointPoint point)
    {
        double fallen = point.Loss.Length == 0 ? 0 : 1;
        CheckpointPoint unseen = point with
        {
            LogProbChosen = -10 - (2 * fallen),
            LogProbRejected = -20 - (3 * fallen),
            LogProbData = -8 - (4 * fallen),
            LogProbSamples = -7 - (5 * fallen),
        };
        return fallen == 0 ? unseen : unseen with
        {
            Accuracy = point.WinRate,
            LossValue = 1 - point.WinRate,
            ForwardKl = point.Kl,
            ForwardKlSampled = point.Kl,
            LengthR2 = point.Model switch { "S" => 0.1, "M" => 0.2, _ => 0.3 },
        };
    }

    private static IEnumerable<Mark> Marks(FigureBlock block) =>
        block.Figure.Rows.SelectMany(r => r.Panels).SelectMany(p => p.Marks);

    private static bool Near((double X, double Y) a, (double X, double Y) b) => Math.Abs(a.X - b.X) < 1e-9 && Math.Abs(a.Y - b.Y) < 1e-9;
}
