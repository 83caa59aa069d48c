using Goodhart.Engine.Randomness;
using Xunit;

namespace Goodhart.Engine.Tests.Plans;

public sealed class ForestBuilderTests
{
    private const int Eos = 1;

    [Fact]
    public void Responses_continue_their_prompt_and_share_its_last_row()
    {
        ForestBuilder forest = new();
        int root = forest.AddRoot([5, 6, 7]);
        Range first = forest.AddResponse(root, [8, 9, Eos]);
        Range second = forest.AddResponse(root, [10, Eos]);
        SequencePlan plan = forest.Build();

        Assert.Equal([new Segment(0, 3, -1), new Segment(3, 2, 0), new Segment(5, 1, 0)], plan.Segments);
        Assert.Equal([5, 6, 7, 8, 9, 10], plan.Tokens);
        Assert.Equal([0, 1, 2, 3, 4, 3], plan.Positions);
        Assert.Equal([2, 3, 4, 5], plan.HeadRows);
        Assert.Equal([0, 1, 2, 0, 3], plan.TargetRows);
        Assert.Equal([8, 9, Eos, 10, Eos], plan.TargetTokens);
        Assert.Equal((0..3, 3..5), (first, second));
        Assert.Equal((6, 5, 6, 5), (forest.Rows, forest.TargetCount, plan.Rows, plan.TargetCount));
    }

    [Fact]
    public void A_response_of_one_token_costs_a_target_and_no_row()
    {
        ForestBuilder forest = new();
        int root = forest.AddRoot([5, 6]);
        Assert.Equal(0..1, forest.AddResponse(root, [Eos]));
        Assert.Equal(1..1, forest.AddResponse(root, []));
        SequencePlan plan = forest.Build();
        Assert.Single(plan.Segments);
        Assert.Equal([1], plan.HeadRows);
        Assert.Equal([0], plan.TargetRows);
        Assert.Equal([Eos], plan.TargetTokens);
    }

    [Fact]
    public void A_prompts_own_tokens_become_targets_of_the_rows_before_them()
    {
        ForestBuilder forest = new();
        int root = forest.AddRoot([5, 6, 7]);
        Assert.Equal(0..2, forest.AddOwnTargets(root));
        Assert.Equal(2..4, forest.AddResponse(root, [8, Eos]));
        SequencePlan plan = forest.Build();
        Assert.Equal([0, 1, 2, 3], plan.HeadRows);
        Assert.Equal([0, 1, 2, 3], plan.TargetRows);
        Assert.Equal([6, 7, 8, Eos], plan.TargetTokens);
    }

    [Fact]
    public void A_last_row_is_read_without_a_target()
    {
        ForestBuilder forest = new();
        forest.ReadLast(forest.AddRoot([5, 6]));
        forest.ReadLast(forest.AddRoot([7]));
        SequencePlan plan = forest.Build();
        Assert.Equal([1, 2], plan.HeadRows);
        Assert.Equal([0, 1, 0], plan.Positions);
        Assert.Empty(plan.TargetTokens);
    }

    [Fact]
    public void An_empty_prompt_is_refused()
    {
        string message = Assert.Throws<ArgumentException>(() => new ForestBuilder().AddRoot([])).Message;
        Assert.Contains("at least one token", message, StringComparison.Ordinal);
    }

    /// <summary>Whatever is built: the tokens that a target's row sees are exactly those before the target in its sequence.</summary>
    [Fact]
    public void Every_target_is_predicted_from_its_own_prefix()
    {
        for (uint item = 0; item < 200; item++)
        {
            RandomStream random = new(1, "forests", item);
            ForestBuilder forest = new();
            List<(Range Targets, int[] Prompt, int[] Response)> added = [];
            for (int tree = 0; tree <= random.NextInt(4); tree++)
            {
                int[] prompt = Tokens(random, 1 + random.NextInt(5));
                int root = forest.AddRoot(prompt);
                for (int i = random.NextInt(4); i > 0; i--)
                {
                    int[] response = Tokens(random, random.NextInt(5));
                    added.Add((forest.AddResponse(root, response), prompt, response));
                }
            }

            SequencePlan plan = forest.Build();
            AssertHeadRowsAreSuffixes(plan);
            Assert.Equal(added.Sum(a => a.Response.Length), plan.TargetCount);
            foreach ((Range targets, int[] prompt, int[] response) in added)
            {
                Assert.Equal(response, plan.TargetTokens[targets]);
                for (int i = 0; i < response.Length; i++)
                {
                    int row = plan.HeadRows[plan.TargetRows[targets.Start.Value + i]];
                    int[] prefix = [.. prompt, .. response[..i]];
                    Assert.Equal(prefix, Seen(plan, row).Select(r => plan.Tokens[r]));
                    Assert.Equal(Enumerable.Range(0, prefix.Length), Seen(plan, row).Select(r => plan.Positions[r]));
                }
            }
        }
    }

    private static int[] Tokens(RandomStream random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt(50))];

    private static void AssertHeadRowsAreSuffixes(SequencePlan plan)
    {
        Assert.Equal(plan.HeadRows.Distinct().Order(), plan.HeadRows);
        for (int s = 0; s < plan.Segments.Count; s++)
        {
            int[] read = [.. plan.HeadRows.Where(row => row >= plan.Segments[s].Start && row < plan.End(s))];
            Assert.Equal(Enumerable.Range(plan.End(s) - read.Length, read.Length), read);
        }
    }

    /// <summary>The rows that a row sees, in order of position.</summary>
    private static int[] Seen(SequencePlan plan, int row)
    {
        int segment = Enumerable.Range(0, plan.Segments.Count).Single(s => row >= plan.Segments[s].Start && row < plan.End(s));
        List<int> seen = [.. Enumerable.Range(plan.Segments[segment].Start, row - plan.Segments[segment].Start + 1)];
        for (int parent = plan.Segments[segment].Parent; parent >= 0; parent = plan.Segments[parent].Parent)
        {
            seen.InsertRange(0, Enumerable.Range(plan.Segments[parent].Start, plan.Segments[parent].Length));
        }

        return [.. seen];
    }
}
