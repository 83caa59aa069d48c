using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Remedies;

/// <summary>Chosen on some prompts, read on others: all that follows is counted by hand.</summary>
public sealed class RankedCellTests
{
    /// <summary>On the prompts that choose: the last two of each row are seed 0's and seed 1's wins.</summary>
    private static readonly EvaluatedCheckpoint[] Study =
    [
        .. Both("", 0, 0, [0, 0], [0, 0]),
        .. Both("dpo", 0.1, 0.5, [1, 0], [1, 0]), .. Both("dpo", 0.1, 1, [0, 0], [1, 0]),
        .. Both("dpo", 0.5, 0.5, [1, 1], [0, 0]), .. Both("dpo", 0.5, 1, [1, 1], [1, 0]),
        .. Both("dpo+ld-dpo:alpha=0", 0.1, 1, [1, 1], [1, 1]), .. Both("dpo+ld-dpo:alpha=0", 0.5, 1, [0, 0], [0, 1]),
        .. Both("dpo+ld-dpo:alpha=0.5", 0.1, 1, [1, 1], [1, 0]), .. Both("dpo+ld-dpo:alpha=0.5", 0.5, 1, [0, 0], [0, 0]),
        .. Both("rpo", 0.1, 1, [1, 0], [0, 0]), .. Both("ipo", 0.1, 1, [1, 1], [1, 1]),
    ];

    [Fact]
    public void The_best_cells_of_a_family_are_ranked_at_their_best_checkpoint()
    {
        IReadOnlyList<RankedCell> cells = RankedCell.Best(Study, cells: 2);
        Assert.Equal(
            [
                new("M", "dpo", "dpo", 1, "dpo", 0.5, 1, 0.75), new("M", "dpo", "dpo", 2, "dpo", 0.1, 0.5, 0.5),
                new("M", "dpo", "dpo+ld-dpo", 1, "dpo+ld-dpo:alpha=0", 0.1, 1, 1),
                new("M", "dpo", "dpo+ld-dpo", 2, "dpo+ld-dpo:alpha=0.5", 0.1, 1, 0.75), new RankedCell("M", "dpo", "rpo", 1, "rpo", 0.1, 1, 0.25),
            ],
            cells);
        Assert.Equal([1, 1, 1], RankedCell.Best(Study, cells: 1).Select(cell => cell.Rank));
        Assert.Empty(RankedCell.Best([.. Study.Where(c => !RemediedLosses.Contains(c.Point.Loss))], cells: 1));
    }

    [Fact]
    public void The_fresh_prompts_decide_and_the_choice_stays()
    {
        // On the fresh prompts the first cell of ld-dpo is worse than its second, and than dpo: what chose it had flattered it.
        FreshReading fresh = new(
            RankedCell.Best(Study, cells: 2),
            [
                .. Both("", 0, 0, [0, 0, 0, 0], [0, 0, 0, 0]), .. Both("dpo", 0.5, 1, [1, 1, 0, 1], [1, 1, 1, 1]),
                .. Both("dpo", 0.1, 0.5, [1, 1, 1, 1], [1, 1, 1, 1]), .. Both("dpo+ld-dpo:alpha=0", 0.1, 1, [0, 1, 0, 0], [0, 1, 0, 0]),
                .. Both("dpo+ld-dpo:alpha=0.5", 0.1, 1, [1, 1, 1, 1], [1, 1, 1, 1]), .. Both("rpo", 0.1, 1, [1, 1, 0, 1], [1, 1, 1, 1]),
            ]);
        IReadOnlyList<RemedyRow> rows = RemedyLeague.Families(Study, flops: null, fresh);
        Assert.Equal([("dpo", ""), ("dpo", "ld-dpo"), ("rpo", "")], rows.Select(row => (row.Loss, row.Remedies)));
        Assert.Equal([4, 8, 2], rows.Select(row => row.Runs));
        Assert.Equal([4, 4, 4], rows.Select(row => row.FreshPrompts));
        Assert.Equal((0.875, null), (rows[0].Best.Value, rows[0].Best.Difference));

        // By prompt, mean over seeds: −1, 0, −½, −1; by seed −½ and −¾. Two remedies are compared.
        RemedyMeasure best = rows[1].Best;
        Assert.Equal((0.25, -0.625), (best.Value, best.Difference));
        double over = Math.Sqrt(0.6875 / 3 / 4);
        double error = Math.Sqrt((over * over) + (0.125 * 0.125));
        Assert.Equal(error, best.DifferenceError!.Value, 12);
        double freedom = Math.Pow(error, 4) / ((Math.Pow(over, 4) / 3) + Math.Pow(0.125, 4));
        Assert.Equal(2 * StudentsT.TwoSidedP(0.625 / error, freedom), best.P!.Value, 12);
        Assert.Equal((0, 1), (rows[2].Best.Difference, rows[2].Best.P));

        IReadOnlyList<ConfirmedCell> confirmed = fresh.Confirmed();
        Assert.Equal([0.875, 1, 0.25, 1, 0.875], confirmed.Select(cell => cell.WinRate.Value));
        Assert.Equal([null, null, -0.625, 0.125, 0], confirmed.Select(cell => cell.WinRate.Difference));
        Assert.All(confirmed, cell => Assert.Equal((4, 1), (cell.Prompts, cell.SqrtKl)));

        // Without fresh prompts the best is read crosswise on those that there are, and has no cell.
        rows = RemedyLeague.Families(Study, flops: null, fresh: null);
        Assert.All(rows, row => Assert.Equal((null, null), (row.Chosen, row.FreshPrompts)));
    }

    [Theory]
    [InlineData("dpo", "dpo")]
    [InlineData("r-dpo(alpha=0.05)", "r-dpo")]
    [InlineData("dpo+is-daa:epsilon=1e+3+tr-dpo:alpha=0.6,every=32", "dpo+is-daa+tr-dpo")]
    [InlineData("r-dpo(alpha=0.05)+wpo", "r-dpo+wpo")]
    public void A_family_is_a_name_without_numbers(string name, string family) => Assert.Equal(family, RemediedLosses.FamilyOf(name));

    private static EvaluatedCheckpoint[] Both(string loss, double beta, double fraction, params double[][] seeds) =>
        [.. seeds.Select((wins, seed) => new EvaluatedCheckpoint(
            new CheckpointPoint
            {
                Loss = loss,
                Model = "M",
                Beta = loss.Length == 0 ? null : beta,
                Seed = seed,
                Fraction = fraction,
                Kl = loss.Length == 0 ? 0 : 1,
                WinRate = wins.Average(),
            },
            new PerPromptOutcomes(wins, wins)))];
}
