using Goodhart.Studies.Trees;
using Xunit;

namespace Goodhart.Studies.Tests.Trees;

public sealed class TreeOptimumTests
{
    private static readonly TreeResults Results = SmallTree.Run(SmallTree.Settings with { Losses = ["dpo", "ipo-code", "slic", "kto-pair"] });

    /// <summary>π* ∝ π_ref exp(r/β), computed here term by term.</summary>
    [Fact]
    public void Dpo_ends_at_the_tilted_sft_model_which_one_pair_cannot_reach()
    {
        TreeData data = Results.Data();
        IReadOnlyList<float> reference = Results.References[0].Probabilities;
        foreach (TreeOptimum dpo in TreeOptimum.Of(Results).Where(end => end.Loss == "dpo"))
        {
            double[] weights = [.. reference.Select((p, k) => p * Math.Exp(-TreeOptimum.Gap * data.Places[k] / dpo.Beta))];
            double outside = data.OutOfDistribution().Sum(k => weights[k]) / weights.Sum();
            Assert.Equal(outside, dpo.OutOfDistribution, 1e-9);
            Assert.InRange(dpo.Kl, 0.01, 100);
            Assert.True(dpo.Missed > 0.01);
        }
    }

    [Fact]
    public void Losses_have_one_where_it_is_known_and_only_dpo_has_a_miss()
    {
        IReadOnlyList<TreeOptimum> all = TreeOptimum.Of(Results);
        Assert.Equal(
            ["dpo", "ipo-code", "slic"], all.Select(end => end.Loss).Distinct());
        Assert.Equal(3 * Results.Settings.Betas.Count, all.Count);
        Assert.All(all, end => Assert.Equal(end.Loss == "dpo", end.Missed is not null));
        Assert.All(all, end => Assert.InRange(end.OutOfDistribution, 0, 1));
    }

    /// <summary>The order agrees with every pair.</summary>
    [Fact]
    public void The_order_of_merit_is_that_of_the_labels()
    {
        TreeData data = TreeData.Create(new TreeShape(3, 3), 6, 40, seed: 5);
        Assert.Equal(Enumerable.Range(0, 27), data.Places.Order());
        Assert.All(data.Preferences, pair => Assert.True(data.Places[pair.Chosen] < data.Places[pair.Rejected]));
    }
}
