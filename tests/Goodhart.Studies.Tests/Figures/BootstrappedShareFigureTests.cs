using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Report.Html;
using Goodhart.Report.Svg;
using Goodhart.Steps.Measuring;
using Goodhart.Studies.Figures;
using Xunit;

namespace Goodhart.Studies.Tests.Figures;

/// <summary>The figure on the reference grid, with shares that grow with √KL.</summary>
public sealed class BootstrappedShareFigureTests
{
    [Fact]
    public void Draws_every_checkpoint_of_the_model_and_reads_the_trend()
    {
        FigureBlock block = BootstrappedShareFigure.Build(GridStudy.Results, Points(p => p.SqrtKl / 20), "M", "the same prompt", "share");
        int own = GridStudy.Results.Points.Count(p => p.Model == "M");
        Assert.Equal(own, block.Data.Rows.Count);
        Assert.All(block.Data.Rows, row => Assert.Equal((double)row[5]! / 20, (double)row[8]!, 1e-12));
        Assert.Contains("with √KL is 1.00", block.Reading, StringComparison.Ordinal);
        Assert.Contains("The SFT model’s is 0.000", block.Reading, StringComparison.Ordinal);
        Assert.Equal(2, block.Figure.Rows.Count);
        Assert.Contains("unseen share", FigureSvg.Standalone(block.Figure), StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_share_has_no_correlation() => Assert.Contains(
        "with √KL is –",
        BootstrappedShareFigure.Build(GridStudy.Results, Points(_ => 0.5), "M", "the same prompt", "share").Reading,
        StringComparison.Ordinal);

    [Fact]
    public void Nothing_reached_is_said() => Assert.Throws<ArgumentException>(() => BootstrappedShareFigure.Build(
        GridStudy.Results,
        [.. GridStudy.Results.Points.Select(point => new BootstrappedPoint(point, new(null, null, new(1, 0.1, 9), 0)))],
        "M",
        "the same prompt",
        "share"));

    private static BootstrappedPoint[] Points(Func<CheckpointPoint, double> share) =>
    [
        .. GridStudy.Results.Points.Select(point => new BootstrappedPoint(
            point, new(new MeanEstimate(share(point), 0.01, 128), new MeanEstimate(0.5, 0.01, 128), new MeanEstimate(0.3, 0.01, 128), 1))),
    ];
}
