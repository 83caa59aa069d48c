using Goodhart.Alignment.Losses;
using Goodhart.Studies.Trees;
using Goodhart.Studies.Trees.Tabular;
using Xunit;

namespace Goodhart.Studies.Tests.Trees;

/// <summary>Direct alignment on a set small enough to enumerate ends where the derivations say.</summary>
public sealed class TabularTruthTests
{
    private static readonly double[] Reference = TabularPolicy.LogSoftmax([0.3, -0.7, 1.1, 0, -1.5, 0.4]);
    private static readonly double[] Rewards = [0.5, 1.7, -0.9, 0.1, 2.2, -0.3];

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(2)]
    public void Dpo_with_bradley_terry_weights_converges_to_the_optimum_of_rlhf(double beta)
    {
        double[] optimum = Minimisers.Dpo(Reference, Rewards, beta);
        double[] trained = Descend(new DpoLoss { Beta = beta }, TabularPair.All(Rewards), steps: 20_000, rate: 4 / (beta * beta));
        AssertClose(optimum, trained, 1e-6);
    }

    /// <summary>... which is the optimum: any move away from it lowers E r − β KL, by β times the KL from it.</summary>
    [Fact]
    public void The_tilted_reference_is_the_optimum_of_rlhf()
    {
        const double Beta = 0.5;
        double[] optimum = Minimisers.Dpo(Reference, Rewards, Beta);
        double Objective(double[] log) => log.Select((value, i) => Math.Exp(value) * Rewards[i])
            .Sum() - (Beta * Minimisers.Kl(log, Reference));
        double[][] others = [Reference, Minimisers.Dpo(Reference, Rewards, 0.4), TabularPolicy.LogSoftmax(new double[6])];
        Assert.All(others, other =>
            Assert.Equal(Objective(optimum) - (Beta * Minimisers.Kl(other, optimum)), Objective(other), 1e-12));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ipo_converges_to_the_borda_scores_also_for_certain_labels(bool certain)
    {
        const double Beta = 0.5;
        TabularPair[] pairs = [.. TabularPair.All(Rewards).Select(pair => certain ? pair with { Preferred = Math.Round(pair.Preferred) } : pair)];
        double[] expected = Minimisers.Ipo(Reference, pairs, Beta);
        AssertClose(expected, Descend(new IpoLoss { Beta = Beta }, pairs, steps: 2000, rate: 1), 1e-8);

        // Not π*: the scores are bounded, the rewards are not.
        Assert.True(Minimisers.Kl(Minimisers.Dpo(Reference, Rewards, Beta), expected) > 0.1);
    }

    /// <summary>The same preferences through the code's form of IPO are the same minimiser at half the tilt.</summary>
    [Fact]
    public void The_code_s_ipo_has_the_minimiser_of_twice_its_beta()
    {
        TabularPair[] pairs = TabularPair.All(Rewards);
        AssertClose(
            Minimisers.Ipo(Reference, pairs, 1), Descend(new IpoCodeLoss { Beta = 0.5 }, pairs, steps: 2000, rate: 0.5), 1e-8);
    }

    [Fact]
    public void Slic_ends_with_every_neighbour_at_the_hinge_whatever_the_rewards()
    {
        const double Beta = 0.5;
        double[] rewards = [0, 9, 3, 5, 14];
        double[] reference = TabularPolicy.LogSoftmax([0.2, 0, -0.4, 0.9, 0.1]);
        double[] expected = Minimisers.Slic(reference, rewards, Beta);
        ExpectedLoss objective = new(new SlicLoss { Beta = Beta }, TabularPair.All(rewards), reference);
        double[] trained = Descend(objective, reference, steps: 40_000, rate: step => 2 / Math.Sqrt(step + 1));
        AssertClose(expected, trained, 0.05);

        // Steps of a kinked loss never settle; that no direction leads down from the expected point does not depend on them.
        double least = objective.Value(expected);
        for (int direction = 0; direction < 200; direction++)
        {
            double[] moved = TabularPolicy.LogSoftmax([.. expected.Select((value, i) => value
                + (0.01 * Math.Sin((7 * direction) + (3.1 * i))))]);
            Assert.True(objective.Value(moved) > least);
        }
    }

    [Fact]
    public void Slic_says_when_its_vertex_is_another() =>
        Assert.Contains("too alike", Assert.Throws<ArgumentException>(() => Minimisers.Slic(Reference, Rewards, 1)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Ipo_refuses_partial_coverage() =>
        Assert.Throws<ArgumentException>(() => Minimisers.Ipo(Reference, TabularPair.Among([0, 1, 2], Rewards), 1));

    /// <summary>One certain pair: the margin follows x + e^x = 1 + 2β²t and so never stops.</summary>
    [Fact]
    public void Certain_labels_make_dpo_diverge_at_the_computed_pace()
    {
        const double Beta = 0.5;
        const double Rate = 0.05;
        double[] reference = TabularPolicy.LogSoftmax([0, 0, 0]);
        ExpectedLoss objective = new(new DpoLoss { Beta = Beta }, [new TabularPair(0, 1, 1)], reference);
        double before = 0;
        foreach (int steps in new[] { 1000, 10_000, 100_000 })
        {
            double[] trained = Descend(objective, reference, steps, _ => Rate);
            double margin = trained[0] - trained[1];
            Assert.Equal(MarginOfCertainPair(Beta, Rate * steps), margin, 0.02);
            Assert.True(margin > before + 3);
            before = margin;
        }

        // Half certain is enough to stop it: at σ(βΔ) = p.
        ExpectedLoss soft = new(new DpoLoss { Beta = Beta }, [new TabularPair(0, 1, 0.9)], reference);
        double[] settled = Descend(soft, reference, 20_000, _ => 1);
        Assert.Equal(Math.Log(9) / Beta, settled[0] - settled[1], 1e-6);
    }

    [Fact]
    public void Without_coverage_the_policy_misses_the_optimum_by_the_computed_amount()
    {
        const double Beta = 0.5;
        int[] compared = [0, 1, 2];
        double[] optimum = Minimisers.Dpo(Reference, Rewards, Beta);
        double[] expected = Minimisers.DpoWithoutCoverage(Reference, Rewards, compared, Beta);
        double[] trained = Descend(new DpoLoss { Beta = Beta }, TabularPair.Among(compared, Rewards), steps: 20_000, rate: 4);
        AssertClose(expected, trained, 1e-6);
        double missed = Minimisers.Kl(optimum, expected);
        Assert.Equal(missed, Minimisers.Kl(optimum, trained), 1e-6);
        Assert.InRange(missed, 0.5, 5);

        // The fit is as good as that of π* itself: the loss cannot tell.
        ExpectedLoss objective = new(new DpoLoss { Beta = Beta }, TabularPair.Among(compared, Rewards), Reference);
        Assert.Equal(objective.Value(optimum), objective.Value(expected), 1e-12);
    }

    /// <summary>Margin Δ of one certain pair after gradient flow of DPO for <paramref name="time"/> on the two logits, from Δ = 0: the
    /// root of
    /// x + e^x = 1 + 2β²·time, over β. It grows like log(time)/β without bound.</summary>
    /// <remarks>Each logit moves at β σ(−x), so dx/dt = 2β² σ(−x) = 2β²/(1 + e^x); separate and integrate.</remarks>
    private static double MarginOfCertainPair(double beta, double time)
    {
        double target = 1 + (2 * beta * beta * time);
        double x = Math.Log(target);
        for (int i = 0; i < 60; i++)
        {
            // Newton on a convex increasing function from above the root.
            x -= (x + Math.Exp(x) - target) / (1 + Math.Exp(x));
        }

        return x / beta;
    }

    private static double[] Descend(PreferenceLoss loss, TabularPair[] pairs, int steps, double rate) =>
        Descend(new ExpectedLoss(loss, pairs, Reference), Reference, steps, _ => rate);

    /// <summary>Plain gradient descent on the logits, which start at the reference.</summary>
    private static double[] Descend(ExpectedLoss objective, double[] start, int steps, Func<int, double> rate)
    {
        double[] logits = [.. start];
        for (int step = 0; step < steps; step++)
        {
            double[] log = TabularPolicy.LogSoftmax(logits);
            double[] upstream = objective.Upstream(log);
            double total = upstream.Sum();
            for (int i = 0; i < logits.Length; i++)
            {
                logits[i] -= rate(step) * (upstream[i] - (Math.Exp(log[i]) * total));
            }
        }

        return TabularPolicy.LogSoftmax(logits);
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
