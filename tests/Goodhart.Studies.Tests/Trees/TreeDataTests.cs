using Goodhart.Studies.Trees;
using Xunit;

namespace Goodhart.Studies.Tests.Trees;

public sealed class TreeDataTests
{
    private static readonly TreeShape Paper = new(branching: 3, depth: 3);

    [Fact]
    public void The_default_tree_and_data_are_the_paper_s()
    {
        TreeSettings settings = new();
        TreeData data = TreeData.Create(new TreeShape(settings.Branching, settings.Depth), settings.Demonstrations, settings.Preferences,
            0);
        Assert.Equal(27, data.Shape.Trajectories);
        Assert.Equal(
            ["s1 a0 s2 a0 s5 a0 s∞", "s1 a1 s3 a1 s9 a0 s∞", "s1 a2 s4 a2 s13 a2 s∞"], data.Demonstrations.Select(data.Shape.Path));
        TreePreference preference = Assert.Single(data.Preferences);
        Assert.Equal(("a1 a1 a0", "a0 a0 a0"), (data.Shape.Label(preference.Chosen), data.Shape.Label(preference.Rejected)));

        // Both trajectories of the pair are demonstrations: 27 − 3.
        Assert.Equal(24, data.OutOfDistribution().Count);
        Assert.Equal([0.01, 0.1, 0.5], settings.Betas);
    }

    [Fact]
    public void Numbers_and_actions_agree()
    {
        for (int k = 0; k < Paper.Trajectories; k++)
        {
            Assert.Equal(k, Paper.Index(Paper.Actions(k)));
        }

        Assert.Equal(12, Paper.Index(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Paper.Index(1, 3, 0));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 0)]
    [InlineData(3, 8)]
    public void Trees_that_are_none_or_too_large_are_refused(int branching, int depth) =>
        Assert.Contains($"{branching}^{depth}", Assert.Throws<ArgumentException>(() => new TreeShape(branching, depth)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Further_data_keep_the_first_and_never_contradict_each_other()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            TreeData few = TreeData.Create(Paper, 3, 1, seed);
            TreeData many = TreeData.Create(Paper, 8, 351, seed);
            Assert.Equal(few.Demonstrations, many.Demonstrations.Take(3));
            Assert.Equal(8, many.Demonstrations.Distinct().Count());
            Assert.Equal(few.Preferences[0], many.Preferences[0]);
            Assert.Equal(351, many.Preferences.Select(p => (Math.Min(p.Chosen, p.Rejected), Math.Max(p.Chosen, p.Rejected))).Distinct()
                .Count());
            Assert.Empty(many.OutOfDistribution());

            // All pairs are there, so one order labels them exactly if the numbers of wins are all different.
            Assert.Equal(
                Enumerable.Range(0, 27),
                Enumerable.Range(0, 27).Select(k => many.Preferences.Count(p => p.Chosen == k)).Order());
        }
    }

    [Theory]
    [InlineData(0, 1, "--demonstrations: expected 1 to 27")]
    [InlineData(28, 1, "--demonstrations")]
    [InlineData(3, 0, "--preferences: expected 1 to 351")]
    [InlineData(3, 352, "--preferences")]
    public void More_data_than_there_are_is_refused(int demonstrations, int preferences, string message) => Assert.Contains(
        message, Assert.Throws<ArgumentException>(() => TreeData.Create(Paper, demonstrations, preferences, 0)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Two_actions_have_demonstrations_too() =>
        Assert.Equal(["a0 a0", "a1 a0"], TreeData.Create(new TreeShape(2, 2), 2, 1, 0).Demonstrations.Select(new TreeShape(2, 2).Label));
}
