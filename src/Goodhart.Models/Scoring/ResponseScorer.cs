using Goodhart.Engine;
using Goodhart.Engine.Ops;

namespace Goodhart.Models.Scoring;

/// <summary>log π(y|x) of given responses, summed over their tokens in double precision, in nats.</summary>
public sealed class ResponseScorer(LanguageModel model, int rowBudget = ResponseScorer.DefaultRowBudget) : IDisposable
{
    /// <summary>Rows per forest: large enough to amortise a call, small enough to stay in cache.</summary>
    public const int DefaultRowBudget = 768;

    private readonly IArena arena = model.Device.CreateArena("scoring", 1 << 20);

    /// <returns>Per tree, one log-prob per response.</returns>
    public double[][] LogProbs(IReadOnlyList<PromptTree> trees, CancellationToken cancel = default) =>
        [.. TokenLogProbs(trees, cancel).Select(tree => Array.ConvertAll(tree, response => Sum(response)))];

    /// <returns>Per tree and response, one log-prob per token.</returns>
    public float[][][] TokenLogProbs(IReadOnlyList<PromptTree> trees, CancellationToken cancel = default)
    {
        List<float[][]> result = [];
        foreach (Range part in ForestPacker.Pack(trees, tree => tree.Rows, rowBudget))
        {
            cancel.ThrowIfCancellationRequested();
            ForestBuilder forest = new();
            (int start, int end) = (part.Start.Value, part.End.Value);
            Range[][] targets = [.. Enumerable.Range(start, end - start).Select(i => trees[i].AddTo(forest))];

            arena.Reset();
            Tape tape = new(model.Device, arena, recording: false);
            IPlan plan = model.Device.Prepare(forest.Build(), arena);
            float[] logProbs = model.Device.ReadF32(tape.HeadLogProb(plan, model.Hidden(tape, plan), model.Unembedding).Value);
            result.AddRange(targets.Select(ranges => Array.ConvertAll(ranges, range => logProbs[range])));
        }

        return [.. result];
    }

    public void Dispose() => arena.Dispose();

    /// <summary>Summed in token order, so that a response's log-prob has the same bits wherever it is scored.</summary>
    public static double Sum(ReadOnlySpan<float> tokenLogProbs)
    {
        double sum = 0;
        foreach (float value in tokenLogProbs)
        {
            sum += value;
        }

        return sum;
    }
}
