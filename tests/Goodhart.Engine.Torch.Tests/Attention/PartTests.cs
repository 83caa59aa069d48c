using Goodhart.Engine.Torch.Attention;
using Xunit;

namespace Goodhart.Engine.Torch.Tests.Attention;

/// <summary>Into what parts a forest's attention is cut.</summary>
public sealed class PartTests
{
    [Fact]
    public void A_large_tree_is_a_causal_prompt_and_what_follows_it_without_padding()
    {
        PartMembers[] parts = Parts([(200, [30, 40])], PartRules.Host);
        Assert.Equal([(false, false, 268, 68), (true, true, 200, 200)], parts.Select(Shape));
        Assert.All(Tables(parts, PartRules.Host), table => Assert.False(table.IsPadded));
        Assert.All(Tables(parts, PartRules.Host), table => Assert.True(table.First >= 0));
    }

    [Fact]
    public void Small_trees_stand_with_others_of_like_size()
    {
        (int, int[])[] sizes = [(10, [5, 5]), (60, [9, 9]), (12, [4, 5]), (58, [8, 8])];
        PartMembers[] parts = Parts(sizes, PartRules.Host);
        Assert.Equal([2, 2], parts.Select(part => part.Trees.Count));
        RowTable[] tables = [.. Tables(parts, PartRules.Host)];
        double padding = tables.Sum(table => table.Rows.Length) / (double)tables.Sum(table => table.Places.Length);
        Assert.InRange(padding, 1.0001, 1 / PartRules.LikeSize);
    }

    [Fact]
    public void Sequences_without_branches_need_no_mask() =>
        Assert.All(Parts([(20, []), (22, []), (300, [])], PartRules.Host), part => Assert.True(part.IsCausal));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_row_is_a_key_of_one_part_that_does_not_add(bool cuda)
    {
        (int Prompt, int[] Responses)[] sizes = [(200, [30, 40]), (10, [5, 5]), (300, []), (97, [1]), (150, [2, 90, 3])];
        PartMembers[] parts = Parts(sizes, cuda ? PartRules.Cuda : PartRules.Host);
        int[] keys = [.. parts.Where(part => !part.Adds).SelectMany(part => part.Trees).SelectMany(tree => tree.Keys).Order()];
        int[] queries = [.. parts.SelectMany(part => part.Trees).SelectMany(tree => tree.Queries).Order()];
        Assert.Equal(Enumerable.Range(0, Forest(sizes).Rows), keys);
        Assert.Equal(keys, queries);
    }

    [Fact]
    public void A_gpus_parts_have_the_multiples_that_its_kernels_want()
    {
        foreach (PartMembers part in Parts([(200, [30, 40]), (180, [30, 45])], PartRules.Cuda))
        {
            Assert.Equal(0, RowTable.Of([.. part.Trees.Select(tree => tree.Keys)], PartRules.Cuda.KeyMultiple).Length % 8);
            Assert.Equal(0, RowTable.Of([.. part.Trees.Select(tree => tree.Queries)], PartRules.Cuda.QueryMultiple).Length % 32);
        }
    }

    private static (bool Causal, bool Adds, int Keys, int Queries) Shape(PartMembers part) =>
        (part.IsCausal, part.Adds, part.Trees[0].Keys.Count, part.Trees[0].Queries.Count);

    private static IEnumerable<RowTable> Tables(IEnumerable<PartMembers> parts, PartRules rules) => parts.SelectMany(part => (RowTable[])
    [
        RowTable.Of([.. part.Trees.Select(tree => tree.Keys)], rules.KeyMultiple),
        RowTable.Of([.. part.Trees.Select(tree => tree.Queries)], rules.QueryMultiple),
    ]);

    private static PartMembers[] Parts((int Prompt, int[] Responses)[] sizes, PartRules rules)
    {
        SequencePlan plan = Forest(sizes);
        bool[] asks = new bool[plan.Rows];
        Array.Fill(asks, true);
        return [.. PartMembers.Of(ForestTree.Of(plan, asks), window: 0, rules)];
    }

    private static SequencePlan Forest((int Prompt, int[] Responses)[] sizes)
    {
        ForestBuilder forest = new();
        foreach ((int prompt, int[] responses) in sizes)
        {
            int root = forest.AddRoot(new int[prompt]);
            foreach (int response in responses)
            {
                forest.AddResponse(root, new int[response]);
            }
        }

        return forest.Build();
    }
}
