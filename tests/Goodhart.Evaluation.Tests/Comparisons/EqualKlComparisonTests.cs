using Goodhart.Evaluation.Comparisons;
using Goodhart.Evaluation.Points;
using Xunit;

namespace Goodhart.Evaluation.Tests.Comparisons;

public sealed class EqualKlComparisonTests
{
    [Fact]
    public void Each_loss_is_compared_with_the_others_in_its_bin_of_kl()
    {
        IReadOnlyList<EqualKlCell> cells = EqualKlComparison.Of(
        [
            Checkpoint("", 0, 0, 0, 0, 0),
            Checkpoint("dpo", 0.5, 1, 1, 0, 1),
            Checkpoint("dpo", 0.6, 1, 0, 0, 1),
            Checkpoint("ipo", 0.55, 0, 0, 0, 1),
            Checkpoint("ipo", 3, 0, 1, 0, 0),
        ]);

        Assert.Equal(
            [("dpo", 0.4, (double?)0.7), ("ipo", 0.4, 0.7), ("ipo", 2.7, (double?)3.5)], cells.Select(c => (c.Loss, c.Low, c.High)));
        EqualKlCell dpo = cells[0];
        Assert.Equal((2, 0.55), (dpo.Checkpoints, Math.Round(dpo.MeanSqrtKl, 12)));

        // By prompt: dpo 1, ½, 0, 1; ipo 0, 0, 0, 1. Differences 1, ½, 0, 0: mean 0.375, variance 0.229167.
        Assert.Equal(0.625, dpo.WinRate);
        Assert.Equal(0.375, dpo.Difference);
        Assert.Equal(Math.Sqrt(0.6875 / 3 / 4), dpo.DifferenceSe!.Value, 12);
        Assert.Equal(-0.375, cells[1].Difference);

        // Two comparisons in the model: p is doubled. t = 1.5667 on 3 degrees of freedom: p = 0.2152.
        Assert.Equal(0.4304, dpo.P!.Value, 3);
        Assert.Null(cells[2].Difference);
        Assert.Null(cells[2].P);
    }

    private static EvaluatedCheckpoint Checkpoint(string loss, double sqrtKl, params double[] wins) => new(
        new CheckpointPoint { Loss = loss, Model = "M", Kl = sqrtKl * sqrtKl, WinRate = wins.Average() },
        new PerPromptOutcomes(wins, wins));
}
