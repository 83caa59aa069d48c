using Goodhart.Alignment.Remedies;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Scoring;

namespace Goodhart.Alignment.Training;

/// <summary>Reads whole next-token distributions at the tokens of given responses, a tile of rows at a time.</summary>
/// <param name="reference">Null where only the policy's are read.</param>
internal sealed class VocabularyReader(LanguageModel policy, LanguageModel? reference, int rowBudget) : IDisposable
{
    /// <summary>Logits of a tile.</summary>
    private const int TileLogits = 1 << 21;

    private readonly IArena arena = policy.Device.CreateArena("vocabulary", 1 << 20);
    private readonly double[] logits = new double[policy.VocabularySize];
    private readonly double[] referenceLogits = new double[reference is null ? 0 : policy.VocabularySize];
    private readonly double[] mixture = new double[reference is null ? 0 : policy.VocabularySize];

    /// <summary>A measure summed over the tokens of every response, in nats.</summary>
    public double[][] Sums(IReadOnlyList<PromptTree> trees, VocabularyMeasure measure)
    {
        double[][] sums = [.. trees.Select(tree => new double[tree.Responses.Length])];
        Visit(trees, (tree, response, _) => sums[tree][response] += NextToken.Measure(measure, logits));
        return sums;
    }

    /// <summary>log π(y_w) − log π(y_l) of every tree's two responses, and under both perturbations.</summary>
    public PerturbedRatio[] Perturbed(IReadOnlyList<PromptTree> trees, double epsilon)
    {
        double[,] ratios = new double[trees.Count, 3];
        double[] scale = new double[trees.Count];
        double[] shifts = [epsilon, 0, -epsilon];
        Visit(trees, (tree, response, token) =>
        {
            for (int i = 0; i < shifts.Length; i++)
            {
                double logProb = NextToken.MixedLogProb(logits, referenceLogits, shifts[i], token, mixture);
                ratios[tree, i] += response == 0 ? logProb : -logProb;
                scale[tree] += Math.Abs(logProb) / shifts.Length;
            }
        });
        return [.. scale.Select((size, i) => new PerturbedRatio(ratios[i, 0], ratios[i, 1], ratios[i, 2], size))];
    }

    public void Dispose() => arena.Dispose();

    /// <param name="visit">Given (tree, response, token) in the order of a response's tokens; the rows hold its logits.</param>
    private void Visit(IReadOnlyList<PromptTree> trees, Action<int, int, int> visit)
    {
        foreach (Range part in ForestPacker.Pack(trees, tree => tree.Rows, rowBudget))
        {
            ForestBuilder forest = new();
            List<(int Tree, int Response)> owners = [];
            for (int tree = part.Start.Value; tree < part.End.Value; tree++)
            {
                foreach ((int response, Range targets) in trees[tree].AddTo(forest).Index())
                {
                    owners.AddRange(Enumerable.Repeat((tree, response), targets.End.Value - targets.Start.Value));
                }
            }

            VisitForest(forest.Build(), owners, visit);
        }
    }

    private void VisitForest(SequencePlan plan, List<(int Tree, int Response)> owners, Action<int, int, int> visit)
    {
        arena.Reset();
        IDevice device = policy.Device;
        IPlan prepared = device.Prepare(plan, arena);
        Mat hidden = policy.Hidden(new Tape(device, arena, recording: false), prepared).Value;
        Mat referenceHidden = reference?.Hidden(new Tape(device, arena, recording: false), prepared).Value ?? default;
        ILookup<int, int> targetsOfRow = Enumerable.Range(0, plan.TargetCount).ToLookup(target => plan.TargetRows[target]);
        int tile = Math.Clamp(TileLogits / policy.VocabularySize, 1, hidden.Rows);
        Mat room = arena.Allocate(tile, policy.VocabularySize);
        for (int first = 0; first < hidden.Rows; first += tile)
        {
            int rows = Math.Min(tile, hidden.Rows - first);
            float[] own = Logits(policy, hidden.RowRange(first, rows), room);
            float[] other = reference is null ? [] : Logits(reference, referenceHidden.RowRange(first, rows), room);
            for (int row = 0; row < rows; row++)
            {
                CopyRow(own, row, logits);
                CopyRow(other, row, referenceLogits);
                foreach (int target in targetsOfRow[first + row])
                {
                    visit(owners[target].Tree, owners[target].Response, plan.TargetTokens[target]);
                }
            }
        }
    }

    private static float[] Logits(LanguageModel model, Mat hidden, Mat room)
    {
        Mat own = room.RowRange(0, hidden.Rows);
        model.Device.Ops.HeadLogits(hidden, model.Unembedding.Value, own);
        return model.Device.ReadF32(own);
    }

    private static void CopyRow(float[] from, int row, double[] to)
    {
        for (int token = 0; token < to.Length; token++)
        {
            to[token] = from[(row * to.Length) + token];
        }
    }
}
