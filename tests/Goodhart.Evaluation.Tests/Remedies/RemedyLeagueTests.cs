using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Remedies;

public sealed class RemedyLeagueTests
{
    /// <summary>Two β, two checkpoints each, four prompts, one seed: all that follows is counted by hand.</summary>
    private static readonly EvaluatedCheckpoint[] Study =
    [
        Checkpoint("", 0, 0, 0, 0, 0, 0, 0),
        Checkpoint("dpo", 0.1, 0.5, 1, 1, 1, 1, 0),
        Checkpoint("dpo", 0.1, 1, 3, 0, 0, 1, 0),
        Checkpoint("dpo", 0.5, 0.5, 0.5, 0, 1, 1, 0),
        Checkpoint("dpo", 0.5, 1, 1.5, 0, 0, 0, 0),
        Checkpoint("dpo+wpo", 0.1, 0.5, 0.5, 1, 1, 1, 1),
        Checkpoint("dpo+wpo", 0.1, 1, 1.5, 1, 1, 1, 0),
        Checkpoint("dpo+wpo", 0.5, 0.5, 0.2, 0, 0, 1, 1),
        Checkpoint("dpo+wpo", 0.5, 1, 0.4, 1, 1, 1, 1),
        Checkpoint("ipo", 0.1, 1, 1, 1, 1, 1, 1),
    ];

    [Fact]
    public void A_remedy_is_read_against_its_loss_and_a_loss_without_one_is_left_out()
    {
        IReadOnlyList<RemedyRow> rows = RemedyLeague.Of(Study);
        Assert.Equal([("M", "dpo", "", 2), ("M", "dpo", "wpo", 2)], rows.Select(row => (row.Model, row.Loss, row.Remedies, row.Runs)));
        Assert.Null(rows[0].Best.Difference);

        // Even prompts are read from what is best on the odd ones, and the reverse: wpo has 1 everywhere at its best.
        Assert.Equal(0.75, rows[0].Best.Value, 12);
        Assert.Equal(1, rows[1].Best.Value, 12);
        Assert.Equal(0.25, rows[1].Best.Difference!.Value, 12);
        Assert.Equal(0.25, rows[1].Best.DifferenceError!.Value, 12);
        Assert.Equal(StudentsT.TwoSidedP(1, 3), rows[1].Best.P!.Value, 12);

        // By β: dpo .75 and .5, wpo 1 and 1.
        Assert.Equal((0.625, 1), (rows[0].OverGrid.Value, rows[1].OverGrid.Value));

        // dpo falls by .5 twice; wpo by .25 and not at all.
        Assert.Equal((0.5, 0.125), (rows[0].Fall.Value, rows[1].Fall.Value));
    }

    [Fact]
    public void A_loss_in_dpos_place_is_read_against_it_and_counts_among_its_remedies()
    {
        EvaluatedCheckpoint[] rpo = [.. Study.Where(c => c.Point.Loss == "dpo+wpo").Select(c => c with { Point = c.Point with { Loss = "rpo" } })];
        IReadOnlyList<RemedyRow> rows = RemedyLeague.Of([.. Study, .. rpo]);
        Assert.Equal(
            [("dpo", "", null), ("dpo", "wpo", null), ("rpo", "", "dpo")], rows.Select(row => (row.Loss, row.Remedies, row.Against)));
        Assert.Equal([true, false, false], rows.Select(row => row.IsPlain));
        Assert.Equal(0.25, rows[2].Best.Difference!.Value, 12);
        Assert.Equal(2 * StudentsT.TwoSidedP(1, 3), rows[2].Best.P!.Value, 12);

        // Without a remedied DPO there is nothing that it would be tried against.
        Assert.Empty(RemedyLeague.Of([.. Study.Where(c => c.Point.Loss != "dpo+wpo"), .. rpo]));
    }

    [Fact]
    public void At_the_peaks_kl_runs_are_read_between_their_checkpoints()
    {
        // dpo is at its best at √KL 1. Of it, β .1 is there with .75; β .5 is half way from .5 to 0. Of wpo, β .1 is half way from 1 to
        // .75, β .5 does not get there: they are compared at β .1.
        IReadOnlyList<RemedyRow> rows = RemedyLeague.Of(Study);
        Assert.Equal(0.5, rows[0].AtPeakKl!.Value, 12);
        Assert.Equal(0.875, rows[1].AtPeakKl!.Value, 12);
        Assert.Equal(0.125, rows[1].AtPeakKl!.Difference!.Value, 12);

        Assert.Null(RemedyLeague.Of([.. Study.Where(c => c.Point is not { Loss: "dpo+wpo", Beta: 0.1 })])[1].AtPeakKl);
    }

    [Fact]
    public void Every_beta_counts_alike_however_many_strengths_there_are_at_it()
    {
        // A second strength at β .1 that falls as the first: by β the family falls by .25 and by 0 as before.
        EvaluatedCheckpoint[] more =
        [
            .. Study.Select(c => c.Point.Loss != "dpo+wpo" ? c : c with { Point = c.Point with { Loss = "dpo+ld-dpo:alpha=0.1" } }),
            .. Study.Where(c => c.Point is { Loss: "dpo+wpo", Beta: 0.1 }).Select(
                c => c with { Point = c.Point with { Loss = "dpo+ld-dpo:alpha=0.5" } }),
        ];
        RemedyRow family = RemedyLeague.Families(more, flops: null, fresh: null)[1];
        Assert.Equal((3, 0.125), (family.Runs, family.Fall.Value));
        Assert.Equal(1, family.OverGrid.Value);
    }

    [Fact]
    public void Seeds_are_paired_and_their_spread_is_in_the_error()
    {
        EvaluatedCheckpoint[] two =
        [
            .. Study.Where(c => c.Point.Loss.StartsWith("dpo", StringComparison.Ordinal) || c.IsSft),
            .. Study.Where(c => c.Point.Loss == "dpo").Select(c => c with { Point = c.Point with { Seed = 1 } }),
            .. Study.Where(c => c.Point.Loss == "dpo").Select(c => c with { Point = c.Point with { Seed = 1, Loss = "dpo+wpo" } }),
        ];
        RemedyRow wpo = RemedyLeague.Of(two)[1];

        // Differences .25 and 0: half of the first's, with its error over prompts halved and the seeds' .125 added in squares.
        Assert.Equal(4, wpo.Runs);
        Assert.Equal(0.125, wpo.Best.Difference!.Value, 12);
        Assert.Equal(Math.Sqrt((0.125 * 0.125) + (0.125 * 0.125)), wpo.Best.DifferenceError!.Value, 12);

        // Two parts alike, of 3 and of 1 degrees of freedom: 2²/(1/3 + 1) = 3.
        Assert.Equal(3, wpo.Best.DifferenceDegreesOfFreedom!.Value, 12);
        Assert.Equal(StudentsT.TwoSidedP(0.125 / wpo.Best.DifferenceError!.Value, 3), wpo.Best.P!.Value, 12);
    }

    [Fact]
    public void A_remedy_on_fewer_runs_is_read_against_the_loss_on_those()
    {
        RemedyRow wpo = RemedyLeague.Of([.. Study.Where(c => c.Point is not { Loss: "dpo+wpo", Beta: 0.1 })])[1];

        // At β .5 dpo is at .5 at its best and ends at 0; wpo is at 1 and ends there.
        Assert.Equal((1, 0.5), (wpo.OverGrid.Value, wpo.OverGrid.Difference));
        Assert.Equal((0, -0.5), (wpo.Fall.Value, wpo.Fall.Difference));

        // And the other way round: of both β .125 falls are left, and of β .5 alone the difference.
        wpo = RemedyLeague.Of([.. Study.Where(c => c.Point is not { Loss: "dpo", Beta: 0.1 })])[1];
        Assert.Equal((0.125, -0.5), (wpo.Fall.Value, wpo.Fall.Difference));
    }

    [Fact]
    public void Within_a_budget_the_best_that_has_spent_no_more_counts()
    {
        // Labels are 100 at the first checkpoint and 200 at the second; wpo takes three times the compute of dpo.
        EvaluatedCheckpoint[] paid = [.. Study.Select(c => c with { Point = c.Point with { Examples = (long)(200 * c.Point.Fraction) } })];
        Dictionary<CheckpointKey, double> flops = paid.Where(c => !c.IsSft).ToDictionary(
            c => CheckpointKey.Of(c.Point), c => c.Point.Fraction * (c.Point.Loss == "dpo+wpo" ? 3e9 : 1e9));
        IReadOnlyList<RemedyBudgetRow> rows = RemedyBudgets.Of(paid, flops);
        Assert.Equal(2 * 3 * 2, rows.Count);

        // A quarter of the labels buys nothing but the SFT model; half of them the first checkpoints: dpo .75 read crosswise, wpo 1.
        Assert.Equal([0, 0.75, 0.75], Values("", SpentKind.Labels));
        Assert.Equal([0, 1, 1], Values("wpo", SpentKind.Labels));
        Assert.Equal([0, 0.75, 0.75], Values("", SpentKind.Compute));
        Assert.Equal([0, 0, 0], Values("wpo", SpentKind.Compute));
        RemedyBudgetRow full = rows.Single(row => row is { Remedies: "wpo", Kind: SpentKind.Compute, Share: 1 });
        Assert.Equal((1e9, -0.75), (full.Budget, full.WinRate.Difference));
        Assert.Equal([1e9, 3e9], RemedyLeague.Of(paid, flops).Select(row => row.Flops!.Value));
        Assert.All(RemedyBudgets.Of(paid, flops: null), row => Assert.Equal(SpentKind.Labels, row.Kind));
        Assert.Null(RemedyLeague.Of(paid)[0].Flops);

        double[] Values(string remedies, SpentKind kind) =>
            [.. rows.Where(row => row.Remedies == remedies && row.Kind == kind).Select(row => row.WinRate.Value)];
    }

    [Theory]
    [InlineData("dpo", "dpo", "")]
    [InlineData("dpo+is-daa:epsilon=0.5+tr-dpo", "dpo", "is-daa:epsilon=0.5+tr-dpo")]
    public void A_name_has_the_loss_first(string name, string loss, string remedies) =>
        Assert.Equal((loss, remedies), (RemediedLosses.LossOf(name), RemediedLosses.RemediesOf(name)));

    private static EvaluatedCheckpoint Checkpoint(
        string loss, double beta, double fraction, double sqrtKl, params double[] wins) => new(
        new CheckpointPoint
        {
            Loss = loss,
            Model = "M",
            Beta = loss.Length == 0 ? null : beta,
            Fraction = fraction,
            Kl = sqrtKl * sqrtKl,
            WinRate = wins.Average(),
        },
        new PerPromptOutcomes(wins, wins));
}
