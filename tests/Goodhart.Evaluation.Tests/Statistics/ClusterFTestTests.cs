using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Statistics;
using MathNet.Numerics.Distributions;
using Xunit;

namespace Goodhart.Evaluation.Tests.Statistics;

/// <summary>Twenty runs of five checkpoints; the larger model has a mean for each half of the runs.</summary>
public sealed class ClusterFTestTests
{
    private static readonly double[,] Small = Design(1);
    private static readonly double[,] Large = Design(2);

    [Fact]   // the runs differ as much as their checkpoints: Fisher's p rejects a true null three times as often as it says
    public void Keeps_its_level_where_errors_go_by_run()
    {
        (int byRun, int fisher) = (0, 0);
        for (uint repeat = 0; repeat < 300; repeat++)
        {
            double[] y = Response(repeat, effect: 0, runNoise: 1);
            byRun += ClusterFTest.P(Small, Large, y, Runs(), 300, repeat) < 0.05 ? 1 : 0;
            fisher += Fisher(y) < 0.05 ? 1 : 0;
        }

        Assert.InRange(byRun, 5, 28);   // 15 ± 3.8
        Assert.True(fisher > 50, $"{fisher}");
    }

    [Fact]
    public void Agrees_with_fisher_where_rows_are_independent()
    {
        int[] rows = [.. Enumerable.Range(0, 100)];
        for (uint repeat = 0; repeat < 5; repeat++)
        {
            double[] y = Response(repeat, effect: 0.3, runNoise: 0);
            Assert.Equal(Fisher(y), ClusterFTest.P(Small, Large, y, rows, 4000)!.Value, 0.03);
        }
    }

    [Fact]
    public void Finds_what_is_there_and_says_where_it_cannot()
    {
        Assert.Equal(1 / 401.0, ClusterFTest.P(Small, Large, Response(1, effect: 4, runNoise: 1), Runs(), 400)!.Value, 0.003);
        Assert.Null(ClusterFTest.P(Small, new double[100, 2], Response(1, 0, 1), Runs()));
        double[] y = Response(2, 0, 1);
        Assert.Equal(ClusterFTest.P(Small, Large, y, Runs(), 200, 3), ClusterFTest.P(Small, Large, y, Runs(), 200, 3));
    }

    private static int[] Runs() => [.. Enumerable.Range(0, 100).Select(i => i / 5)];

    private static double Fisher(double[] y)
    {
        (LeastSquaresFit small, LeastSquaresFit large) = (LeastSquares.Fit(Small, y)!, LeastSquares.Fit(Large, y)!);
        return 1 - FisherSnedecor.CDF(1, large.DegreesOfFreedom, (small.Rss - large.Rss) / large.ResidualVariance!.Value);
    }

    private static double[,] Design(int columns)
    {
        double[,] design = new double[100, columns];
        for (int i = 0; i < 100; i++)
        {
            design[i, 0] = 1;
            if (columns > 1)
            {
                design[i, 1] = i < 50 ? 1 : 0;
            }
        }

        return design;
    }

    private static double[] Response(uint repeat, double effect, double runNoise) =>
    [
        .. Enumerable.Range(0, 100).Select(i => (i < 50 ? effect : 0)
            + (runNoise * new RandomStream(4, "run", repeat, (uint)(i / 5)).NextNormal())
            + new RandomStream(4, "row", repeat, (uint)i).NextNormal()),
    ];
}
