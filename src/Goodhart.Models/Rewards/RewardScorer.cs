using Goodhart.Engine;
using Goodhart.Models.Scoring;

namespace Goodhart.Models.Rewards;

/// <summary>r(x, y) of given responses: the score at a response's last token, found by its length and never by a padding id.</summary>
/// <param name="model">With a head of one score.</param>
public sealed class RewardScorer(LanguageModel model, int rowBudget = ResponseScorer.DefaultRowBudget) : IDisposable
{
    private readonly IArena arena = model.Device.CreateArena("reward scoring", 1 << 20);

    /// <returns>Per tree, one reward per response.</returns>
    public double[][] Rewards(IReadOnlyList<PromptTree> trees, CancellationToken cancel = default)
    {
        List<double[]> result = [];
        foreach (Range part in ForestPacker.Pack(trees, RewardForest.RowsOf, rowBudget))
        {
            cancel.ThrowIfCancellationRequested();
            PromptTree[] items = [.. trees.Take(part)];
            arena.Reset();
            Tape tape = new(model.Device, arena, recording: false);
            IPlan plan = model.Device.Prepare(RewardForest.Plan(items), arena);
            float[] scores = model.Device.ReadF32(ModelOutputs.Scores(model, tape, plan).Value);
            int next = 0;
            result.AddRange(items.Select(tree => Array.ConvertAll(tree.Responses, _ => (double)scores[next++])));
        }

        return [.. result];
    }

    public void Dispose() => arena.Dispose();
}

/// <summary>Forests whose head rows are the last tokens of the responses, in order.</summary>
public static class RewardForest
{
    /// <summary>Every token is an input here, a response's last one too.</summary>
    public static int RowsOf(PromptTree tree) => tree.Prompt.Length + tree.Responses.Sum(response => response.Length);

    public static SequencePlan Plan(IReadOnlyList<PromptTree> trees)
    {
        ForestBuilder forest = new();
        foreach (PromptTree tree in trees)
        {
            int root = forest.AddRoot(tree.Prompt);
            foreach (int[] response in tree.Responses)
            {
                forest.ReadLast(forest.AddBranch(root, response));
            }
        }

        return forest.Build();
    }
}
