using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Ops;
using Goodhart.Engine.Randomness;
using Goodhart.Models.Scoring;
using Goodhart.Models.Tests.Sampling;
using Xunit;

namespace Goodhart.Models.Tests.Scoring;

/// <summary>Responses that share their prompt's rows say what each would say on its own.</summary>
public sealed class PrefixSharingTests
{
    private static readonly PromptTree[] Trees =
    [
        .. Enumerable.Range(0, 6).Select(i =>
        {
            RandomStream random = new(1, "trees", (uint)i);
            int[] Draw(int count) => SmallModel.Tokens(random, count);
            return new PromptTree(Draw(1 + random.NextInt(9)), [Draw(1 + random.NextInt(7)), Draw(1 + random.NextInt(7)), Draw(1)]);
        }),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Log_probs_and_gradients_are_those_of_separate_sequences(bool parallel)
    {
        using CpuDevice device = new(1);
        using LanguageModel model = SmallModel.Create(device, parallel: parallel, training: true);
        ForestBuilder shared = new();
        ForestBuilder separate = new();
        foreach (PromptTree tree in Trees)
        {
            Range[] together = tree.AddTo(shared);
            Range[] alone = [.. tree.Responses.Select(response => separate.AddResponse(separate.AddRoot(tree.Prompt), response))];
            Assert.Equal(together, alone);
        }

        Assert.True(shared.Rows < separate.Rows);
        (float[] logProbs, float[][] gradients) = Run(model, shared.Build());
        (float[] expected, float[][] expectedGradients) = Run(model, separate.Build());
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], logProbs[i], 1e-5);
        }

        for (int i = 0; i < gradients.Length; i++)
        {
            double difference = Norm(gradients[i].Zip(expectedGradients[i], (a, b) => a - b));
            double size = Norm(expectedGradients[i]);
            Assert.True(size > 0 && difference <= 1e-4 * size, $"{model.Parameters.All[i].Name}: {difference:E2} against {size:E2}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(4000)]
    public void The_row_budget_changes_no_bit_of_a_score(int rowBudget)
    {
        using CpuDevice device = new(1);
        using LanguageModel model = SmallModel.Create(device);
        using ResponseScorer scorer = new(model, rowBudget);
        using ResponseScorer whole = new(model);
        double[][] scores = scorer.LogProbs(Trees);
        Assert.Equal(whole.LogProbs(Trees), scores);

        // Nor do the neighbours: each response alone scores the same.
        for (int i = 0; i < Trees.Length; i++)
        {
            PromptTree[] alone = [.. Trees[i].Responses.Select(response => Trees[i] with { Responses = [response] })];
            Assert.Equal(scores[i], alone.Select(tree => scorer.LogProbs([tree])[0][0]));
        }
    }

    [Fact]
    public void An_empty_response_is_certain()
    {
        using CpuDevice device = new(1);
        using LanguageModel model = SmallModel.Create(device);
        using ResponseScorer scorer = new(model);
        double[] scores = scorer.LogProbs([new PromptTree([3, 4], [[], [5]])])[0];
        Assert.Equal(0, scores[0]);
        Assert.Equal(SmallModel.LogSoftmax(SmallModel.NextLogits(model, [3, 4]), 1)[5], scores[1], 1e-5);
    }

    [Theory]
    [InlineData(10, new[] { 2, 4, 5 })]
    [InlineData(1, new[] { 1, 2, 3, 4, 5 })]
    [InlineData(1000, new[] { 5 })]
    public void Forests_hold_consecutive_trees_up_to_the_budget(int budget, int[] ends)
    {
        int[] rows = [6, 4, 3, 7, 20];
        Range[] parts = [.. ForestPacker.Pack(rows, row => row, budget)];
        Assert.Equal(ends, parts.Select(part => part.End.Value));
        Assert.Equal([0, .. ends[..^1]], parts.Select(part => part.Start.Value));
    }

    private static (float[] LogProbs, float[][] Gradients) Run(LanguageModel model, SequencePlan plan)
    {
        using IArena arena = model.Device.CreateArena("test", 1 << 20);
        model.ZeroGradients();
        Tape tape = new(model.Device, arena, recording: true);
        IPlan prepared = model.Device.Prepare(plan, arena);
        Tensor logProbs = tape.HeadLogProb(prepared, model.Hidden(tape, prepared), model.Unembedding);
        RandomStream random = new(2, "upstream", 0);
        tape.Seed(logProbs, [.. Enumerable.Range(0, plan.TargetCount).Select(_ => (float)random.NextNormal())]);
        tape.Backward();
        model.CompleteGradients();
        return (model.Device.ReadF32(logProbs.Value), [.. model.Parameters.All.Select(p => model.Device.ReadF32(p.Gradient))]);
    }

    private static double Norm(IEnumerable<float> values) => Math.Sqrt(values.Sum(v => (double)v * v));
}
