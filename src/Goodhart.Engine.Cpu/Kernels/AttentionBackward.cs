using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

internal sealed unsafe partial class Kernels<TS, TV>
{
    /// <summary>P = e^(S − logSumExp) again; dS = scale·P∘(dy Vᵀ − rowsum(dy∘y)); dQ = dS K, dK += dSᵀ Q, dV += Pᵀ dy.</summary>
    public override void AttentionGrad(AttentionCall call, AttentionTree tree, int head, Scratch scratch)
    {
        int dim = call.PaddedDim;
        int headDim = call.HeadDim;
        long transposedSize = (long)headDim * tree.Stride;
        long rowsSize = (long)tree.Keys * dim;
        float* keysT = scratch.Floats(0, 2 * transposedSize);
        float* valuesT = keysT + transposedSize;
        float* keys = scratch.Floats(1, 3 * rowsSize);
        float* dKeys = keys + rowsSize;
        float* dValues = dKeys + rowsSize;
        float* p = scratch.Floats(2, 2L * QueryBlock.Rows * tree.Stride);
        float* dScores = p + ((long)QueryBlock.Rows * tree.Stride);
        float* q = scratch.Floats(3, 3L * QueryBlock.Rows * dim);
        float* dy = q + (QueryBlock.Rows * dim);
        float* dQ = dy + (QueryBlock.Rows * dim);
        new Span<float>(dKeys, checked((int)(2 * rowsSize))).Clear();
        for (int s = 0; s < tree.Segments.Length; s++)
        {
            Segment segment = tree.Segments[s];
            int start = tree.KeyStart[s];
            float* k = call.Key(segment.Start, head);
            PackTransposed(k, call.LdQkv, segment.Length, headDim, call.Scale, keysT + start, tree.Stride);
            PackTransposed(call.Value(segment.Start, head), call.LdQkv, segment.Length, headDim, 1, valuesT + start, tree.Stride);
            PackRows(k, call.LdQkv, segment.Length, headDim, keys + ((long)start * dim), SimdBlock.Pad(segment.Length));
            ClearUnaskedQueries(call, tree, s, head);
        }

        foreach (QueryBlock block in QueryBlock.Of(tree, call.Plan, call.AllRows))
        {
            int row = tree.Segments[block.Segment].Start + block.First;
            float* upstream = call.Dy + ((long)block.Output * call.LdDy) + (head * headDim);
            TimesKeys(call.Query(row, head), call.LdQkv, headDim, tree, block, keysT, p);
            TimesKeys(upstream, call.LdDy, headDim, tree, block, valuesT, dScores);
            ScoreGradients(call, tree, block, head, p, dScores);
            ProbabilitiesTimes(tree, block, dScores, keys, dim, dQ);
            for (int i = 0; i < block.Count; i++)
            {
                StoreScaled(dQ + (i * dim), 1, call.DQkv + ((long)(row + i) * call.LdDQkv) + (head * 3 * headDim), headDim);
            }

            PackRows(call.Query(row, head), call.LdQkv, block.Count, headDim, q, block.Count);
            PackRows(upstream, call.LdDy, block.Count, headDim, dy, block.Count);
            AddToKeys(tree, block, dScores, q, dim, dKeys);
            AddToKeys(tree, block, p, dy, dim, dValues);
        }

        for (int s = 0; s < tree.Segments.Length; s++)
        {
            for (int i = 0; i < tree.Segments[s].Length; i++)
            {
                long from = (long)(tree.KeyStart[s] + i) * dim;
                float* to = call.DQkv + ((long)(tree.Segments[s].Start + i) * call.LdDQkv) + (((head * 3) + 1) * headDim);
                StoreScaled(dKeys + from, 1, to, headDim);
                StoreScaled(dValues + from, 1, to + headDim, headDim);
            }
        }
    }

    /// <summary>From S and dy Vᵀ to P and dS, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScoreGradients(AttentionCall call, AttentionTree tree, QueryBlock block, int head, float* p, float* dScores)
    {
        TV nothing = TS.Broadcast(float.NegativeInfinity);
        TV scale = TS.Broadcast(call.Scale);
        int[] path = tree.Path[block.Segment];
        for (int i = 0; i < block.Count; i++)
        {
            long output = block.Output + i;
            int column = head * call.HeadDim;
            float* y = call.Y + (output * call.LdY) + column;
            TV delta = TS.Broadcast(SumRow<Product>(call.Dy + (output * call.LdDy) + column, y, 0, call.HeadDim));
            TV logSumExp = TS.Broadcast(call.LogSumExp[(output * call.LdLogSumExp) + head]);
            for (int a = 0; a < path.Length; a++)
            {
                long at = ((long)i * tree.Stride) + tree.KeyStart[path[a]];
                int visible = Visible(tree, block, path[a], i);
                int padded = Padded(tree, block, path[a], i);
                for (int j = 0; j < padded; j += TS.Width)
                {
                    TV score = TS.Sub(TS.Load(p + at + j), logSumExp);
                    TV probability = VectorMath.Exp<TS, TV>(TS.FirstOr(score, visible - j, nothing));
                    TV gradient = TS.Mul(TS.Mul(probability, scale), TS.Sub(TS.Load(dScores + at + j), delta));
                    TS.Store(p + at + j, probability);
                    TS.Store(dScores + at + j, gradient);
                }
            }
        }
    }

    /// <summary>sums [tree keys, dim] += Pᵀ X over the block's rows in order; X [block, dim].</summary>
    private static void AddToKeys(AttentionTree tree, QueryBlock block, float* p, float* x, int dim, float* sums)
    {
        foreach (int ancestor in tree.Path[block.Segment])
        {
            int start = tree.KeyStart[ancestor];
            bool own = ancestor == block.Segment;
            int keys = own ? block.First + block.Count : tree.Segments[ancestor].Length;

            // Always four keys: P is 0, not undefined, up to the end of the block of lanes.
            for (int j = 0; j < keys; j += 4)
            {
                int first = own ? Math.Max(0, j - block.First) : 0;
                Multiply(
                    p + ((long)first * tree.Stride) + start + j, 1, tree.Stride, 4, x + (first * dim), dim,
                    sums + ((long)(start + j) * dim), dim, dim, block.Count - first, true);
            }
        }
    }

    private static void ClearUnaskedQueries(AttentionCall call, AttentionTree tree, int segment, int head)
    {
        int asking = call.AllRows ? tree.Segments[segment].Length : call.Plan.HeadCount[tree.SegmentIds[segment]];
        int end = tree.Segments[segment].Start + tree.Segments[segment].Length - asking;
        for (int row = tree.Segments[segment].Start; row < end; row++)
        {
            new Span<float>(call.DQkv + ((long)row * call.LdDQkv) + (head * 3 * call.HeadDim), call.HeadDim).Clear();
        }
    }
}
