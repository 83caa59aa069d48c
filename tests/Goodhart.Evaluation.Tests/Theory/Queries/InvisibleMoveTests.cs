using Goodhart.Alignment.Losses;
using Goodhart.Evaluation.Theory;
using Goodhart.Evaluation.Theory.Queries;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace Goodhart.Evaluation.Tests.Theory.Queries;

/// <summary>Section 4: many policies achieve the same loss, some with a high weight on out-of-distribution responses.</summary>
public sealed class InvisibleMoveTests
{
    public static TheoryData<string, int> LossesAndSeeds
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string loss in (string[])["dpo", "ipo", "slic"])
            {
                for (int seed = 0; seed < 8; seed++)
                {
                    data.Add(loss, seed);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(LossesAndSeeds))]
    public void A_move_of_whole_components_leaves_every_loss(string loss, int seed)
    {
        (PreferenceGraph graph, double[] policy, double[] reference, Random random) = Case(seed);
        int[] components = InvisibleMove.Components(graph);
        double[] shifts = [.. Enumerable.Range(0, components.Max() + 1).Select(_ => (8 * random.NextDouble()) - 4)];
        double[] moved = InvisibleMove.Apply(policy, components, shifts);
        Assert.Equal(1, moved.Sum(Math.Exp), 1e-12);
        Assert.True(policy.Zip(moved, (before, after) => Math.Abs(Math.Exp(before) - Math.Exp(after))).Max() > 0.01);
        Assert.Equal(Loss(loss, graph, policy, reference), Loss(loss, graph, moved, reference), 1e-12);
    }

    [Theory]
    [InlineData("dpo", 0)]
    [InlineData("dpo", 1)]
    [InlineData("dpo", 2)]
    [InlineData("ipo", 0)]
    [InlineData("ipo", 1)]
    [InlineData("ipo", 2)]
    public void A_move_within_a_component_shows_where_g_is_strictly_convex(string loss, int seed)
    {
        (PreferenceGraph graph, double[] policy, double[] reference, _) = Case(seed);
        int[] components = InvisibleMove.Components(graph);
        PreferenceEdge pair = graph.Edges.First(edge => !edge.IsLoop);
        int[] finer = [.. components.Select((component, node) => node == pair.Chosen ? components.Max() + 1 : component)];
        double[] shifts = new double[components.Max() + 2];
        shifts[^1] = 1;
        double[] moved = InvisibleMove.Apply(policy, finer, shifts);
        Assert.NotEqual(Loss(loss, graph, policy, reference), Loss(loss, graph, moved, reference), 1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_moves_are_the_whole_null_space(int seed)
    {
        PreferenceGraph graph = RandomGraphs.Draw(seed);
        int[] components = InvisibleMove.Components(graph);
        Matrix<double> indicators = Matrix<double>.Build.Dense(
            graph.Nodes, components.Max() + 1, (node, c) => components[node] == c ? 1 : 0);
        Matrix<double> q = QueryMatrix.Dense(graph);
        Assert.Equal(0, (q * indicators).L1Norm());
        Assert.Equal(q.Nullity(), indicators.Rank());
    }

    [Theory]
    [InlineData("dpo", 4.0)]
    [InlineData("ipo", 1.0)]
    [InlineData("slic", 1.0)]
    public void Policies_of_the_same_loss_have_any_mass_out_of_distribution(string name, double argument)
    {
        DirectAlignmentLoss loss = (DirectAlignmentLoss)LossCatalogue.Create(name, 0.1);
        SameLossPolicies family = new(loss, argument);
        SameLossPolicy[] policies =
        [
            .. ((double[])[0.001, 0.5, 0.999]).Select(mass => family.At(family.ShiftTo(mass), "spread")),
            family.OnOne(5, family.ShiftTo(0.999), "one"),
        ];
        Assert.All(policies, policy => Assert.Equal(loss.G(argument), policy.LossValue, 1e-12));
        Assert.Equal([0.001, 0.5, 0.999, 0.999], policies.Select(policy => Math.Round(policy.OutOfDistribution, 9)));
        Assert.Equal(0.999 / 24, policies[2].TopOutOfDistribution, 1e-9);
        Assert.Equal(0.999, policies[3].TopOutOfDistribution, 1e-9);
        Assert.True(policies[3].Entropy < 0.02 && policies[2].Entropy > 3);
    }

    private static (PreferenceGraph Graph, double[] Policy, double[] Reference, Random Random) Case(int seed)
    {
        Random random = new(seed);
        PreferenceEdge[] edges = [.. Enumerable.Range(0, 6).Select(_ => new PreferenceEdge(random.Next(27), random.Next(27)))];
        return (PreferenceGraph.OfOnePrompt(27, edges), Draw(), Draw(), random);

        double[] Draw()
        {
            double[] logits = [.. Enumerable.Range(0, 27).Select(_ => 2 * random.NextDouble())];
            double total = LogSum.Exp(logits);
            return Array.ConvertAll(logits, logit => logit - total);
        }
    }

    private static double Loss(string name, PreferenceGraph graph, double[] policy, double[] reference)
    {
        PreferenceLoss loss = LossCatalogue.Create(name, 0.4);
        PairLogProbs[] pairs =
        [
            .. graph.Edges.Select(
                e => new PairLogProbs(policy[e.Chosen], policy[e.Rejected], reference[e.Chosen], reference[e.Rejected], 3, 3)),
        ];
        PairGradient[] terms = new PairGradient[pairs.Length];
        loss.Evaluate(pairs, terms);
        return loss.BatchLoss(terms);
    }
}
