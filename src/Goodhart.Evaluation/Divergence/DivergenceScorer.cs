using Goodhart.Engine;
using Goodhart.Engine.Ops;
using Goodhart.Models;
using Goodhart.Models.Scoring;

namespace Goodhart.Evaluation.Divergence;

/// <summary>Runs policy and reference over sampled responses and compares their full next-token distributions at every prefix.</summary>
/// <remarks>The distributions are those of the models themselves (temperature 1, whole vocabulary).</remarks>
public sealed class DivergenceScorer(LanguageModel policy, LanguageModel reference, int rowBudget = ResponseScorer.DefaultRowBudget)
    : IDisposable
{
    private readonly IArena arena = policy.Device.CreateArena("divergence", 1 << 20);

    /// <returns>Per tree, one entry per response.</returns>
    /// <exception cref="ArgumentException">The models live on different devices or have different vocabularies.</exception>
    public ResponseDivergence[][] Score(IReadOnlyList<PromptTree> trees, CancellationToken cancel = default)
    {
        if (!ReferenceEquals(policy.Device, reference.Device) || policy.VocabularySize != reference.VocabularySize)
        {
            throw new ArgumentException(
                $"Policy and reference must share a device and a vocabulary; "
                    + $"they have {policy.VocabularySize} and {reference.VocabularySize} tokens.");
        }

        List<ResponseDivergence[]> result = [];
        foreach (Range part in ForestPacker.Pack(trees, tree => tree.Rows, rowBudget))
        {
            cancel.ThrowIfCancellationRequested();
            result.AddRange(ScoreForest(trees, part));
        }

        return [.. result];
    }

    public void Dispose() => arena.Dispose();

    private ResponseDivergence[][] ScoreForest(IReadOnlyList<PromptTree> trees, Range part)
    {
        ForestBuilder forest = new();
        (int start, int end) = (part.Start.Value, part.End.Value);
        Range[][] targets = [.. Enumerable.Range(start, end - start).Select(i => trees[i].AddTo(forest))];

        IDevice device = policy.Device;
        arena.Reset();
        SequencePlan source = forest.Build();
        IPlan plan = device.Prepare(source, arena);
        Tape tape = new(device, arena, recording: false);
        Tensor hidden = policy.Hidden(tape, plan);
        Tensor referenceHidden = reference.Hidden(tape, plan);
        float[] logProbs = device.ReadF32(tape.HeadLogProb(plan, hidden, policy.Unembedding).Value);
        float[] referenceLogProbs = device.ReadF32(tape.HeadLogProb(plan, referenceHidden, reference.Unembedding).Value);
        Mat divergence = arena.Allocate(hidden.Value.Rows, 2);
        device.Ops.HeadKl(
            hidden.Value, policy.Unembedding.Value, referenceHidden.Value, reference.Unembedding.Value, divergence, default);
        float[] kl = device.ReadF32(divergence);
        return [.. targets.Select(ranges => ranges.Select(Response).ToArray())];

        ResponseDivergence Response(Range range)
        {
            double forward = 0;
            double reverse = 0;
            for (int target = range.Start.Value; target < range.End.Value; target++)
            {
                int row = source.TargetRows[target];
                forward += kl[2 * row];
                reverse += kl[(2 * row) + 1];
            }

            return new ResponseDivergence(
                forward, reverse, ResponseScorer.Sum(logProbs.AsSpan(range)), ResponseScorer.Sum(referenceLogProbs.AsSpan(range)));
        }
    }
}
