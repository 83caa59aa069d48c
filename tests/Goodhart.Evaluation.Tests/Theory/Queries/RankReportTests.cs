using Goodhart.Evaluation.Theory.Queries;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace Goodhart.Evaluation.Tests.Theory.Queries;

/// <summary>Section 4: what the graph says of the query matrix is what linear algebra says.</summary>
public sealed class RankReportTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Union_find_gives_the_rank_that_singular_values_give(int seed)
    {
        PreferenceGraph graph = RandomGraphs.Draw(seed);
        RankReport report = RankReport.Of(graph);
        Matrix<double> q = QueryMatrix.Dense(graph);
        Assert.Equal(q.Svd(computeVectors: false).Rank, report.Rank);
        Assert.Equal(report.Rank, report.RankBySvd);
        Assert.Equal(q.Nullity(), report.Nullity);
        Assert.Equal(report.Components + report.NeverCompared, report.Nullity);
        Assert.Equal(q.Transpose().Kernel().Length, report.DependentPairs);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Normalisation_takes_one_direction_of_every_prompt(int seed)
    {
        // The tangent of Σ_y π(y|x) = 1 is Σ_y π(y|x) δ(x, y) = 0, for any π; the rows of Q sum to zero and are independent of it.
        PreferenceGraph graph = RandomGraphs.Draw(seed);
        Random random = new(seed);
        Matrix<double> normalisation = Matrix<double>.Build.Dense(
            graph.Prompts, graph.Nodes, (prompt, node) => graph.PromptOfNode[node] == prompt ? 0.1 + random.NextDouble() : 0);
        int seen = QueryMatrix.Dense(graph).Stack(normalisation).Rank();
        Assert.Equal(graph.Nodes - seen, RankReport.Of(graph).NullityWithinSupport);
    }

    [Fact]
    public void Counts_what_a_small_data_set_has()
    {
        // Prompt a: 0 ≻ 1 ≻ 2 ≻ 0, a circle; 0 ≻ 1 again; 3 alone. Prompt b: 4 ≻ 5, 5 ≻ 4. Prompt c: 6 against itself.
        PreferenceGraph graph = new(
            [0, 0, 0, 0, 1, 1, 2], 3, [new(0, 1), new(1, 2), new(2, 0), new(0, 1), new(4, 5), new(5, 4), new(6, 6)]);
        RankReport report = RankReport.Of(graph);
        Assert.Equal((7, 1, 3, 7), (report.Pairs, report.EqualPairs, report.Prompts, report.Responses));
        Assert.Equal((3, 4, 4), (report.Rank, report.Nullity, report.DependentPairs));
        Assert.Equal((2, 2, 1), (report.Components, report.NeverCompared, report.SplitPrompts));
        Assert.Equal([new(1, 2), new(2, 1), new(3, 1)], report.Sizes);
        Assert.Equal(new Contradictions(2, 5, 6, 1), report.Contradictions);
    }

    [Fact]
    public void A_ranking_has_no_contradiction_and_a_long_one_no_stack_overflow()
    {
        const int Length = 200_000;
        PreferenceEdge[] chain = [.. Enumerable.Range(0, Length - 1).Select(i => new PreferenceEdge(i, i + 1))];
        RankReport open = RankReport.Of(PreferenceGraph.OfOnePrompt(Length, chain));
        Assert.Equal((Length - 1, 1, 0), (open.Rank, open.Nullity, open.Contradictions.Knots));
        Assert.Null(open.RankBySvd);

        RankReport closed = RankReport.Of(PreferenceGraph.OfOnePrompt(Length, [.. chain, new(Length - 1, 0)]));
        Assert.Equal((Length - 1, 1), (closed.Rank, closed.DependentPairs));
        Assert.Equal(new Contradictions(1, Length, Length, 0), closed.Contradictions);
    }

    [Fact]
    public void Equal_texts_are_one_node_and_only_within_a_prompt()
    {
        PreferenceGraphBuilder builder = new();
        builder.AddPair("p", "a", "b");
        builder.AddPair("p", "b", "c");
        builder.AddPair("q", "a", "b");
        builder.AddResponse("p", "c");
        builder.AddResponse("p", "d");
        RankReport report = RankReport.Of(builder.Build());
        Assert.Equal((2, 6, 3, 1), (report.Prompts, report.Responses, report.Rank, report.NeverCompared));
    }

    [Theory]
    [InlineData(2, 3, 1, 8)]               // one id and EOS: 2 prompts, 4 responses
    [InlineData(4, 2, 1, 52)]              // (1 + 3) (1 + 3 + 9)
    [InlineData(11, 9, 0, 1111111111)]     // 1 + 10 + ... + 10^9
    public void The_space_is_counted(int vocabulary, int responseTokens, int promptTokens, double texts) =>
        Assert.Equal(Math.Log10(texts), new ResponseSpace(vocabulary, responseTokens, promptTokens).Log10PromptsAndResponses, 1e-12);

    [Fact]
    public void Shares_are_of_the_whole_space_and_of_the_prompts_that_there_are()
    {
        ResponseSpace space = new(50_277, 128, 400);
        Assert.Equal(128 * Math.Log10(50_276), space.Log10Responses, 1e-4);
        Assert.Equal(Math.Log10(2) - space.Log10Responses, space.Log10ShareOfOwnPrompts(184_000, 92_000), 1e-9);
        Assert.Equal(Math.Log10(184_000) - space.Log10PromptsAndResponses, space.Log10Share(184_000), 1e-9);
    }
}
