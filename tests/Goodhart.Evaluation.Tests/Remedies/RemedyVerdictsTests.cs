using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Remedies;

/// <summary>What papers claim, against tables whose answer is known; and the area that the league table has.</summary>
public sealed class RemedyVerdictsTests
{
    [Theory]
    [InlineData(ClaimedEffect.HigherBest, 0.001, 0.5, ClaimVerdict.Supported)]
    [InlineData(ClaimedEffect.HigherBest, 0.001, 0.01, ClaimVerdict.Supported)]
    [InlineData(ClaimedEffect.SmallerFall, -0.1, 0.019, ClaimVerdict.NotSupported)]
    [InlineData(ClaimedEffect.SmallerFall, -0.1, 0.021, ClaimVerdict.Inconclusive)]
    [InlineData(ClaimedEffect.HigherAtPeakKl, -0.3, -0.1, ClaimVerdict.NotSupported)]
    [InlineData(ClaimedEffect.NoLowerBest, -0.019, 0.1, ClaimVerdict.Supported)]
    [InlineData(ClaimedEffect.NoLowerBest, -0.021, 0.1, ClaimVerdict.Inconclusive)]
    [InlineData(ClaimedEffect.NoLowerBest, -0.021, -0.001, ClaimVerdict.NotSupported)]
    public void The_interval_decides(ClaimedEffect effect, double low, double high, ClaimVerdict verdict) =>
        Assert.Equal(verdict, RemedyVerdicts.Verdict(effect, low, high, margin: 0.02));

    [Fact]
    public void A_claim_is_held_against_the_loss_by_itself()
    {
        // Of 400 prompts DPO wins every second one, at 10 tokens; wpo wins three of four and falls to DPO's; ld-dpo is as good at 8 tokens.
        EvaluatedCheckpoint[] study =
        [
            Checkpoint("", 0, 0, 4, 10), Checkpoint("dpo", 0.1, 1, 2, 10), Checkpoint("dpo+wpo", 0.1, 1, 4, 10, wins: 3),
            Checkpoint("dpo+ld-dpo:alpha=0", 0.1, 1, 2, 8), Checkpoint("dpo+wpo+tr-dpo", 0.1, 1, 2, 10), Checkpoint("cdpo", 0.1, 1, 2, 10),
        ];
        IReadOnlyList<RemedyVerdict> verdicts = RemedyVerdicts.Of(study, fresh: null);
        Assert.Equal(
            [("dpo+wpo", ClaimVerdict.Supported), ("dpo+ld-dpo", ClaimVerdict.Supported)],
            verdicts.Select(verdict => (verdict.Family, verdict.Verdict)));
        TestedEffect better = Assert.Single(verdicts[0].Effects);
        Assert.Equal((ClaimedEffect.HigherBest, 0.25), (better.Effect, better.Difference));

        // Three effects are tested together.
        Assert.Equal(StudentsT.Quantile(1 - (0.025 / 3), 399) * better.Error!.Value, better.High!.Value - 0.25, 12);
        Assert.Equal([ClaimedEffect.Shorter, ClaimedEffect.NoLowerBest], verdicts[1].Effects.Select(effect => effect.Effect));
        Assert.Equal((2, 0.5), (verdicts[1].Effects[0].Difference, verdicts[1].Effects[0].Margin));

        // As good and no shorter: one effect that is not there decides.
        verdicts = RemedyVerdicts.Of([.. study.Where(c => c.Point.Loss != "dpo+ld-dpo:alpha=0"), Checkpoint("dpo+ld-dpo:alpha=0", 0.1, 1, 2, 10)], null);
        Assert.Equal(
            [ClaimVerdict.NotSupported, ClaimVerdict.Supported], verdicts[^1].Effects.Select(effect => effect.Verdict));
        Assert.Equal(ClaimVerdict.NotSupported, verdicts[^1].Verdict);

        // Lengths that nobody knows decide nothing.
        verdicts = RemedyVerdicts.Of([.. study.Select(c => c with { Outcomes = c.Outcomes with { Length = null } })], null);
        Assert.Equal((ClaimVerdict.Inconclusive, null), (verdicts[1].Verdict, verdicts[1].Effects[0].Difference));
    }

    [Fact]
    public void Every_remedy_of_the_tournament_has_a_papers_claim()
    {
        string[] named =
        [
            "is-daa", "wpo", "wpo-uncut", "wpo-greedy", "wpo-plain", "ld-dpo", "ld-dpo-policy", "beta-dpo", "beta-dpo-scaled", "epsilon-dpo", "epsilon-dpo-mean",
            "kl-target", "tr-dpo", "tr-dpo-hard", "online", "online-gold", "online-reward", "online-judge", "wise-ft", "soup", "seed-soup",
        ];
        foreach (RemedyEntry entry in RemedyCatalogue.All.Where(entry => named.Contains(entry.Name)))
        {
            Assert.True(entry.Claim is { Says.Length: > 0, Source.Length: > 0, Effects.Count: > 0 }, entry.Name);
            Assert.Same(entry.Claim, RemedyVerdicts.ClaimOf($"dpo+{entry.Name}"));
        }

        Assert.All(["rpo", "dpop", "chi-po", "r-dpo"], loss => Assert.NotNull(RemedyVerdicts.ClaimOf(loss)));
        Assert.Null(RemedyVerdicts.ClaimOf("dpo"));
        Assert.Null(RemedyVerdicts.ClaimOf("dpo+wpo+tr-dpo"));
    }

    [Fact]
    public void The_area_lies_between_what_the_implicit_reward_and_the_win_rate_have_gained()
    {
        // At √KL 1 the proxy has gained .2 and gold .25, at 3 the proxy .4 and gold nothing: triangles and trapezes by hand.
        EvaluatedCheckpoint[] study =
        [
            With(Checkpoint("", 0, 0, 2, 10), 0.5, 0), With(Checkpoint("dpo", 0.1, 0.5, 4, 10, wins: 3), 0.7, 1),
            With(Checkpoint("dpo", 0.1, 1, 2, 10), 0.9, 3), With(Checkpoint("dpo+wpo", 0.1, 1, 2, 10), 0.5, 2),
        ];
        IReadOnlyList<RemedyRow> rows = RemedyLeague.Of(study);
        Assert.Equal((-0.05 / 2) + (2 * (0.4 - 0.05) / 2), rows[0].Area!.Value, 12);
        Assert.Equal(0, rows[1].Area!.Value, 12);
        Assert.Equal(-0.325, rows[1].Area!.Difference!.Value, 12);
        Assert.Null(RemedyLeague.Of([.. study.Select(c => c with { Outcomes = c.Outcomes with { ProxyWin = null } })])[0].Area);
    }

    private static EvaluatedCheckpoint With(EvaluatedCheckpoint checkpoint, double proxy, double sqrtKl) => new(
        checkpoint.Point with { Kl = sqrtKl * sqrtKl },
        checkpoint.Outcomes with { ProxyWin = Array.ConvertAll(checkpoint.Outcomes.Win, _ => proxy) });

    /// <param name="of">Of so many prompts in a row, in both halves of the prompts, the first are won.</param>
    private static EvaluatedCheckpoint Checkpoint(string loss, double beta, double fraction, int of, double length, int wins = 1)
    {
        double[] won = [.. Enumerable.Range(0, 400).Select(prompt => prompt / 2 % of < wins ? 1.0 : 0)];
        return new EvaluatedCheckpoint(
            new CheckpointPoint
            {
                Loss = loss,
                Model = "M",
                Beta = loss.Length == 0 ? null : beta,
                Fraction = fraction,
                Kl = loss.Length == 0 ? 0 : 1,
                WinRate = won.Average(),
            },
            new PerPromptOutcomes(won, won) { Length = [.. won.Select((_, prompt) => length + (prompt % 4 < 2 ? 0.1 : -0.1))] });
    }
}
