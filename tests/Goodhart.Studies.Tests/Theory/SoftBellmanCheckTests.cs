using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Studies.Theory;
using Xunit;

namespace Goodhart.Studies.Tests.Theory;

/// <summary>Eq. (8) to (10) solved with the rewards that are read off a policy give that policy.</summary>
public sealed class SoftBellmanCheckTests
{
    [Theory]
    [InlineData(0.05)]
    [InlineData(2)]
    public void Rewards_read_off_a_policy_lead_back_to_it(double beta)
    {
        SoftBellmanCheck check = SoftBellmanCheck.Of(Table(1), Table(2), [[0, 1], [2]], beta)!;
        Assert.Equal((2, 4, SoftBellmanCheck.Levels), (check.Trees, check.Actions, check.Depth));
        Assert.InRange(check.LogProb, 0, 1e-9);
        Assert.InRange(check.Value, 0, 1e-9);
    }

    [Fact]
    public void A_tree_without_numbers_is_not_passed_over()
    {
        SoftBellmanCheck check = SoftBellmanCheck.Of(new WithoutNumbers(Table(1), from: 2), Table(2), [[0, 1], [2]], beta: 1)!;
        Assert.Equal((double.NaN, double.NaN), (check.LogProb, check.Value));
    }

    /// <summary>The tree has the policy's likeliest tokens, and both models' logits of them.</summary>
    [Fact]
    public void The_tree_is_of_the_likeliest_tokens()
    {
        LogitRow first = new(1);
        SoftBellmanCheck check = SoftBellmanCheck.Of(
            new TabularLogits(3, first.Of), new TabularLogits(3, new LogitRow(2).Of), [[0]], 1)!;
        Assert.Equal(3, check.Actions);   // a vocabulary smaller than the tree's width
        Assert.Equal(1 + 3 + 9, first.Read.Distinct().Count(prefix => prefix.Length < 2 * SoftBellmanCheck.Levels));
        Assert.Null(SoftBellmanCheck.Of(Table(1), Table(2), [], 1));
    }

    private static TabularLogits Table(ulong seed) => new(9, new LogitRow(seed, 9).Of);

    /// <summary>NaN wherever the prompt begins with a token.</summary>
    private sealed class WithoutNumbers(TabularLogits sound, int from) : IPrefixLogits
    {
        public int VocabularySize => sound.VocabularySize;

        public void Visit(IReadOnlyList<ResponseTree> trees, LogitVisitor visit, CancellationToken cancel = default) => sound.Visit(
            trees,
            (tree, response, position, logits) => visit(
                tree, response, position, trees[tree].Prompt[0] == from ? [.. Enumerable.Repeat(double.NaN, logits.Length)] : logits),
            cancel);
    }

    private sealed class LogitRow(ulong seed, int size = 3)
    {
        public List<string> Read { get; } = [];

        public double[] Of(int[] prefix)
        {
            string key = string.Join(',', prefix);
            Read.Add(key);
            RandomStream stream = new(seed, "row " + key, item: 0);
            double[] row = new double[size];
            for (int i = 0; i < size; i++)
            {
                row[i] = 3 * stream.NextNormal();
            }

            return row;
        }
    }
}
