using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

internal sealed unsafe partial class Kernels<TS, TV>
{
    public override void Attention(AttentionCall call, AttentionTree tree, int head, Scratch scratch)
    {
        int dim = call.PaddedDim;
        float* keys = scratch.Floats(0, (long)call.HeadDim * tree.Stride);
        float* values = scratch.Floats(1, (long)tree.Keys * dim);
        float* scores = scratch.Floats(2, (long)QueryBlock.Rows * tree.Stride);
        float* outputs = scratch.Floats(3, (long)QueryBlock.Rows * dim);
        float* maxima = scratch.Floats(4, 3 * QueryBlock.Rows);
        for (int s = 0; s < tree.Segments.Length; s++)
        {
            Segment segment = tree.Segments[s];
            int padded = SimdBlock.Pad(segment.Length);
            PackTransposed(
                call.Key(segment.Start, head), call.LdQkv, segment.Length, call.HeadDim, call.Scale, keys + tree.KeyStart[s], tree.Stride);
            PackRows(
                call.Value(segment.Start, head), call.LdQkv, segment.Length, call.HeadDim, values + ((long)tree.KeyStart[s] * dim), padded);
        }

        foreach (QueryBlock block in QueryBlock.Of(tree, call.Plan, call.AllRows))
        {
            int row = tree.Segments[block.Segment].Start + block.First;
            TimesKeys(call.Query(row, head), call.LdQkv, call.HeadDim, tree, block, keys, scores);
            SoftmaxBlock(tree, block, scores, maxima);
            ProbabilitiesTimes(tree, block, scores, values, dim, outputs);
            FinishBlock(call, head, block, outputs, maxima);
        }
    }

    /// <summary>products [block, tree keys] = A Kᵀ where the block's rows can see; A [block, headDim] in place, Kᵀ packed.</summary>
    private static void TimesKeys(
        float* a, int ldA, int headDim, AttentionTree tree, QueryBlock block, float* transposed, float* products)
    {
        foreach (int ancestor in tree.Path[block.Segment])
        {
            // Panels outside, rows inside: a panel of keys stays in the first cache. Own keys in narrow panels, cut at the diagonal.
            bool own = ancestor == block.Segment;
            int start = tree.KeyStart[ancestor];
            int keys = own ? SimdBlock.Pad(block.First + block.Count) : SimdBlock.Pad(tree.Segments[ancestor].Length);
            for (int j = 0, vectors; j < keys; j += vectors * TS.Width)
            {
                vectors = PanelVectors(keys - j, own ? 2 : WidestPanel);
                for (int i = own ? Math.Max(0, j - block.First) & -4 : 0; i < block.Count; i += 4)
                {
                    float* a0 = a + ((long)i * ldA);
                    float* a1 = i + 1 < block.Count ? a0 + ldA : a0;
                    float* a2 = i + 2 < block.Count ? a1 + ldA : a0;
                    float* a3 = i + 3 < block.Count ? a2 + ldA : a0;
                    float* product = products + ((long)i * tree.Stride) + start + j;
                    Tile(a0, a1, a2, a3, 1, transposed + start + j, tree.Stride, product, tree.Stride, headDim, false, vectors);
                }
            }
        }
    }

    /// <summary>result [block, dim] = P M, M [tree keys, dim]; P is 0 where a row cannot see.</summary>
    private static void ProbabilitiesTimes(AttentionTree tree, QueryBlock block, float* p, float* m, int dim, float* result)
    {
        const int KeysAtATime = 128;
        bool accumulate = false;
        foreach (int ancestor in tree.Path[block.Segment])
        {
            bool own = ancestor == block.Segment;
            int start = tree.KeyStart[ancestor];
            int keys = own ? block.First + block.Count : tree.Segments[ancestor].Length;
            for (int j = 0; j < keys; j += KeysAtATime)
            {
                for (int i = own ? Math.Max(0, j - block.First) & -4 : 0; i < block.Count; i += 4)
                {
                    int count = Math.Min(4, block.Count - i);
                    int visible = own ? block.First + i + count : keys;
                    Multiply(
                        p + ((long)i * tree.Stride) + start + j, tree.Stride, 1, count, m + ((long)(start + j) * dim), dim,
                        result + (i * dim), dim, dim, Math.Min(KeysAtATime, visible - j), accumulate);
                }

                accumulate = true;
            }
        }
    }

    /// <summary>Scores become e^(score − row maximum), 0 beyond what a row sees; keeps maxima and sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxBlock(AttentionTree tree, QueryBlock block, float* scores, float* maxima)
    {
        float* sums = maxima + QueryBlock.Rows;
        TV nothing = TS.Broadcast(float.NegativeInfinity);
        int[] path = tree.Path[block.Segment];
        for (int i = 0; i < block.Count; i++)
        {
            TV top = nothing;
            for (int a = 0; a < path.Length; a++)
            {
                float* row = scores + ((long)i * tree.Stride) + tree.KeyStart[path[a]];
                int visible = Visible(tree, block, path[a], i);
                for (int j = 0; j < visible; j += TS.Width)
                {
                    top = TS.Max(top, TS.FirstOr(TS.Load(row + j), visible - j, nothing));
                }
            }

            float max = TS.MaxLane(top);
            TV shift = TS.Broadcast(max);
            TV sum = TS.Broadcast(0);
            for (int a = 0; a < path.Length; a++)
            {
                float* row = scores + ((long)i * tree.Stride) + tree.KeyStart[path[a]];
                int visible = Visible(tree, block, path[a], i);
                int padded = Padded(tree, block, path[a], i);
                for (int j = 0; j < padded; j += TS.Width)
                {
                    TV score = TS.Sub(TS.Load(row + j), shift);
                    TV e = VectorMath.Exp<TS, TV>(TS.FirstOr(score, visible - j, nothing));
                    TS.Store(row + j, e);
                    sum = TS.Add(sum, e);
                }
            }

            maxima[i] = max;
            sums[i] = TS.SumLanes(sum);
        }
    }

    /// <summary>Keys of a segment on the path that row i of the block sees.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Visible(AttentionTree tree, QueryBlock block, int segment, int i) =>
        segment == block.Segment ? block.First + i + 1 : tree.Segments[segment].Length;

    /// <summary>The padded keys that are computed for the four rows in which row i of the block is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Padded(AttentionTree tree, QueryBlock block, int segment, int i) =>
        SimdBlock.Pad(segment == block.Segment
            ? block.First + Math.Min(block.Count, (i & -4) + 4)
            : tree.Segments[segment].Length);

    /// <summary>Divides by the sums and writes y and logSumExp.</summary>
    private static void FinishBlock(AttentionCall call, int head, QueryBlock block, float* outputs, float* maxima)
    {
        float* sums = maxima + QueryBlock.Rows;
        float* logs = sums + QueryBlock.Rows;
        for (int i = 0; i < QueryBlock.Rows; i += TS.Width)
        {
            TS.Store(logs + i, TS.Add(TS.Load(maxima + i), VectorMath.Log<TS, TV>(TS.Load(sums + i))));
        }

        for (int i = 0; i < block.Count; i++)
        {
            long output = block.Output + i;
            call.LogSumExp[(output * call.LdLogSumExp) + head] = logs[i];
            float* y = call.Y + (output * call.LdY) + (head * call.HeadDim);
            StoreScaled(outputs + (i * call.PaddedDim), 1 / sums[i], y, call.HeadDim);
        }
    }

    /// <summary>y = scale · x.</summary>
    private static void StoreScaled(float* x, float scale, float* y, int count)
    {
        TV factor = TS.Broadcast(scale);
        int j = 0;
        for (; j + TS.Width <= count; j += TS.Width)
        {
            TS.Store(y + j, TS.Mul(TS.Load(x + j), factor));
        }

        if (j < count)
        {
            TS.StorePart(y + j, TS.Mul(TS.LoadPart(x + j, count - j), factor), count - j);
        }
    }
}
