using Goodhart.Engine;

namespace Goodhart.Models.Scoring;

/// <summary>Hidden states along given responses: what the head predicts their tokens from.</summary>
public sealed class ResponseStates(LanguageModel model, int rowBudget = ResponseScorer.DefaultRowBudget) : IDisposable
{
    private readonly IArena arena = model.Device.CreateArena("hidden states", 1 << 20);

    /// <summary>Per tree and response, the mean over its tokens of the final hidden state that predicts each, [d]; summed in token order
    /// in double precision.</summary>
    public double[][][] Means(IReadOnlyList<PromptTree> trees, CancellationToken cancel = default)
    {
        List<double[][]> result = [];
        foreach (Range part in ForestPacker.Pack(trees, tree => tree.Rows, rowBudget))
        {
            cancel.ThrowIfCancellationRequested();
            ForestBuilder forest = new();
            Range[][] targets = [.. trees.Take(part).Select(tree => tree.AddTo(forest))];
            SequencePlan plan = forest.Build();
            arena.Reset();
            Tape tape = new(model.Device, arena, recording: false);
            Mat hidden = model.Hidden(tape, model.Device.Prepare(plan, arena)).Value;
            float[] states = model.Device.ReadF32(hidden);
            int width = states.Length / hidden.Rows;
            result.AddRange(targets.Select(
                responses => Array.ConvertAll(responses, response => Mean(states, width, plan.TargetRows.AsSpan(response)))));
        }

        return [.. result];
    }

    public void Dispose() => arena.Dispose();

    private static double[] Mean(float[] states, int width, ReadOnlySpan<int> rows)
    {
        double[] mean = new double[width];
        foreach (int row in rows)
        {
            for (int i = 0; i < width; i++)
            {
                mean[i] += states[(row * width) + i];
            }
        }

        for (int i = 0; i < width; i++)
        {
            mean[i] /= Math.Max(1, rows.Length);
        }

        return mean;
    }
}
