using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

internal sealed unsafe partial class Kernels<TS, TV>
{
    public override void Attention(AttentionCall call, AttentionTree tree, int head, AttentionTree? next, Scratch scratch)
    {
        const int Group = AttentionTree.Group;
        int stride = LaneStride(tree);
        float* queries = scratch.Floats(0, (long)call.HeadDim * stride);
        float* scores = scratch.Floats(1, (long)tree.Keys * Group);
        float* outputs = scratch.Floats(2, ((long)call.HeadDim + 3) * Group);
        float* rows = scratch.Floats(3, (long)Group * call.PaddedDim);
        float* maxima = scratch.Floats(4, 3 * Group);
        float* sums = maxima + Group;
        float* logs = sums + Group;
        PackLanes(tree, call.Queries.At(0, head), call.Queries.Ld, call.QueriesAlone, call.HeadDim, call.Scale, queries);
        int shared = head / call.Group;
        AttentionAhead ahead = new(call, next, ReferenceEquals(next, tree) ? head + 1 : 0, 3 * tree.Groups);
        fixed (float* visible = tree.Visible, hidden = tree.Hidden)
        {
            for (int group = 0; group < tree.Groups; group++)
            {
                TimesLanes(tree, group, call.Keys.At(0, shared), call.Keys.Ld, call.HeadDim, queries, scores);
                ahead.Turn<TS, TV>();
                SoftmaxLanes(
                    tree, group, visible + (group * Group), hidden == null ? null : hidden + (group * Group), scores, maxima, sums);
                ahead.Turn<TS, TV>();
                WeightedRows(tree, group, call.Values.At(0, shared), call.Values.Ld, call.HeadDim, scores, outputs);
                for (int v = 0; v < Group; v += TS.Width)
                {
                    TS.Store(logs + v, TS.Add(TS.Load(maxima + v), VectorMath.Log<TS, TV>(TS.Load(sums + v))));
                }

                ahead.Turn<TS, TV>();
                PackTransposed(outputs, Group, call.HeadDim, LanesOf(tree, group), 1, rows, call.PaddedDim);
                StoreOutputs(call, tree, head, group, rows, sums, logs);
            }
        }
    }

    /// <summary>Floats from one row of packed lanes to the next: packing a segment may write a block beyond its lanes.</summary>
    private static int LaneStride(AttentionTree tree) => (tree.Groups * AttentionTree.Group) + SimdBlock.Lanes;

    /// <summary>Lanes of a group that are computed: whole blocks.</summary>
    private static int LanesOf(AttentionTree tree, int group) =>
        Math.Min(AttentionTree.Group, SimdBlock.Pad(tree.Lanes - (group * AttentionTree.Group)));

    /// <summary>lanes[dim, lane] = scale · x[row of lane, dim], 0 beyond the last lane.</summary>
    /// <param name="byOutput">Whether x has a row per asking row (as y) and not one per row of the forest.</param>
    private static void PackLanes(AttentionTree tree, float* x, nint ld, bool byOutput, int headDim, float scale, float* lanes)
    {
        int stride = LaneStride(tree);
        for (int s = 0; s < tree.Segments.Length; s++)
        {
            if (tree.Asking[s] > 0)
            {
                int start = tree.LaneStart[s];
                nint row = byOutput ? tree.Output[s] : tree.RowOf(s, start);
                PackTransposed(x + (row * ld), ld, tree.Asking[s], headDim, scale, lanes + start, stride);
            }
        }

        int unused = SimdBlock.Pad(tree.Lanes) - tree.Lanes;
        for (int j = 0; j < headDim; j++)
        {
            new Span<float>(lanes + ((nint)j * stride) + tree.Lanes, unused).Clear();
        }
    }

    /// <summary>products [tree keys, group] = X lanes where a lane may see the key; X [forest rows, headDim] in place.</summary>
    private static void TimesLanes(AttentionTree tree, int group, float* x, nint ld, int headDim, float* lanes, float* products)
    {
        int first = group * AttentionTree.Group;
        int count = LanesOf(tree, group);
        for (int s = 0; s < tree.Segments.Length; s++)
        {
            int keys = tree.Most[(s * tree.Groups) + group];
            for (int i = 0; i < keys; i += KeyRows)
            {
                // Whole blocks of lanes that do not see these keys are left out.
                int from = Math.Max(0, tree.FirstLane(s, i) - first) & -SimdBlock.Lanes;
                Multiply(
                    x + ((tree.Segments[s].Start + i) * ld), ld, 1, Math.Min(KeyRows, keys - i), lanes + first + from, LaneStride(tree),
                    products + ((tree.KeyStart[s] + i) * AttentionTree.Group) + from, AttentionTree.Group, count - from, headDim, false);
            }
        }
    }

    /// <summary>result [headDim, group] = Xᵀ P, X [forest rows, headDim] in place, P [tree keys, group].</summary>
    private static void WeightedRows(AttentionTree tree, int group, float* x, nint ld, int headDim, float* p, float* result)
    {
        bool accumulate = false;
        for (int s = 0; s < tree.Segments.Length; s++)
        {
            int keys = tree.Most[(s * tree.Groups) + group];
            if (keys > 0)
            {
                Multiply(
                    x + (tree.Segments[s].Start * ld), 1, ld, headDim, p + (tree.KeyStart[s] * AttentionTree.Group), AttentionTree.Group,
                    result, AttentionTree.Group, LanesOf(tree, group), keys, accumulate);
                accumulate = true;
            }
        }
    }

    /// <summary>Scores become e^(score − maximum of the lane), 0 where the lane does not see; keeps maxima and sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxLanes(
        AttentionTree tree, int group, float* visible, float* hidden, float* scores, float* maxima, float* sums)
    {
        const int Group = AttentionTree.Group;
        TV nothing = TS.Broadcast(float.NegativeInfinity);
        int count = LanesOf(tree, group);
        for (int v = 0; v < count; v += TS.Width)
        {
            TV top = nothing;
            for (int s = 0; s < tree.Segments.Length; s++)
            {
                int most = tree.Most[(s * tree.Groups) + group];
                int least = Math.Min(most, tree.Least[(s * tree.Groups) + group]);
                TV seen = TS.Load(visible + (s * tree.Groups * Group) + v);
                float* row = scores + (tree.KeyStart[s] * Group) + v;
                int i = 0;
                for (; i < least; i++, row += Group)
                {
                    top = TS.Max(top, TS.Load(row));
                }

                for (; i < most; i++, row += Group)
                {
                    TV score = TS.IfLess(TS.Broadcast(i), seen, TS.Load(row), nothing);
                    if (hidden != null)
                    {
                        score = TS.IfLess(TS.Broadcast(i), TS.Load(hidden + (s * tree.Groups * Group) + v), nothing, score);
                    }

                    TS.Store(row, score);
                    top = TS.Max(top, score);
                }
            }

            TV sum = TS.Broadcast(0);
            for (int s = 0; s < tree.Segments.Length; s++)
            {
                float* row = scores + (tree.KeyStart[s] * Group) + v;
                float* end = row + (tree.Most[(s * tree.Groups) + group] * Group);
                for (; row < end; row += Group)
                {
                    TV e = VectorMath.Exp<TS, TV>(TS.Sub(TS.Load(row), top));
                    TS.Store(row, e);
                    sum = TS.Add(sum, e);
                }
            }

            TS.Store(maxima + v, top);
            TS.Store(sums + v, sum);
        }
    }

    /// <summary>Divides by the sums and writes y and logSumExp.</summary>
    private static void StoreOutputs(AttentionCall call, AttentionTree tree, int head, int group, float* rows, float* sums, float* logs)
    {
        int first = group * AttentionTree.Group;
        for (int s = 0; s < tree.Segments.Length; s++)
        {
            int end = Math.Min(first + AttentionTree.Group, tree.LaneStart[s] + tree.Asking[s]);
            for (int lane = Math.Max(first, tree.LaneStart[s]); lane < end; lane++)
            {
                long output = tree.Output[s] + lane - tree.LaneStart[s];
                call.LogSumExp[(output * call.LdLogSumExp) + head] = logs[lane - first];
                float* y = call.Y + (output * call.LdY) + (head * call.HeadDim);
                StoreScaled(rows + ((lane - first) * call.PaddedDim), 1 / sums[lane - first], y, call.HeadDim);
            }
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
