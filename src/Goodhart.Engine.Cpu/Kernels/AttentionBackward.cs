using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

internal sealed unsafe partial class Kernels<TS, TV>
{
    /// <summary>P = e^(S − logSumExp) again; dS = scale·P∘(V dy − rowsum(dy∘y)); dQ = dSᵀ K, dK += dS Q, dV += P dy; P and dS
    /// [keys, lanes].</summary>
    public override void AttentionGrad(AttentionCall call, AttentionTree tree, int shared, AttentionTree? next, Scratch scratch)
    {
        long keysSize = (long)tree.Keys * call.PaddedDim;
        float* dKeys = scratch.Floats(5, 2 * keysSize);
        float* dValues = dKeys + keysSize;
        new Span<float>(dKeys, checked((int)(2 * keysSize))).Clear();
        int last = ((shared + 1) * call.Group) - 1;
        for (int head = shared * call.Group; head <= last; head++)
        {
            AddHead(call, tree, head, head < last ? tree : next, scratch, dKeys, dValues);
        }

        StoreKeyGradients(call, tree, shared, dKeys, dValues);
    }

    /// <summary>One query head: its queries' gradients are stored, those of keys and values added.</summary>
    private static void AddHead(
        AttentionCall call, AttentionTree tree, int head, AttentionTree? next, Scratch scratch, float* dKeys, float* dValues)
    {
        const int Group = AttentionTree.Group;
        int dim = call.PaddedDim;
        int headDim = call.HeadDim;
        int shared = head / call.Group;
        long lanesSize = (long)headDim * LaneStride(tree);
        float* queries = scratch.Floats(0, 2 * lanesSize);
        float* upstream = queries + lanesSize;
        float* p = scratch.Floats(1, 2L * tree.Keys * Group);
        float* dScores = p + (tree.Keys * Group);
        float* dQueries = scratch.Floats(2, ((long)headDim + 3) * Group);
        float* rows = scratch.Floats(3, 3L * Group * dim);
        float* queryRows = rows + (Group * dim);
        float* upstreamRows = queryRows + (Group * dim);
        float* deltas = scratch.Floats(4, 2 * Group);
        PackLanes(tree, call.Queries.At(0, head), call.Queries.Ld, call.QueriesAlone, headDim, call.Scale, queries);
        PackLanes(tree, call.Dy + (head * headDim), call.LdDy, byOutput: true, headDim, 1, upstream);
        AttentionAhead ahead = new(call, next, ReferenceEquals(next, tree) ? head + 1 : 0, 5 * tree.Groups);
        fixed (float* visible = tree.Visible, hidden = tree.Hidden)
        {
            for (int group = 0; group < tree.Groups; group++)
            {
                TimesLanes(tree, group, call.Keys.At(0, shared), call.Keys.Ld, headDim, queries, p);
                ahead.Turn<TS, TV>();
                TimesLanes(tree, group, call.Values.At(0, shared), call.Values.Ld, headDim, upstream, dScores);
                GatherGroup(call, tree, head, group, queryRows, upstreamRows, deltas);
                ahead.Turn<TS, TV>();
                float* unseen = hidden == null ? null : hidden + (group * Group);
                ScoreGradients(tree, group, visible + (group * Group), unseen, call.Scale, deltas, p, dScores);
                ahead.Turn<TS, TV>();
                WeightedRows(tree, group, call.Keys.At(0, shared), call.Keys.Ld, headDim, dScores, dQueries);
                PackTransposed(dQueries, Group, headDim, LanesOf(tree, group), 1, rows, dim);
                StoreQueryGradients(call, tree, head, group, rows);
                ahead.Turn<TS, TV>();
                AddToKeys(tree, group, dScores, queryRows, dim, dKeys);
                ahead.Turn<TS, TV>();
                AddToKeys(tree, group, p, upstreamRows, dim, dValues);
            }
        }

        ClearQueryGradients(call, tree, head);
    }

    /// <summary>Queries and upstream gradients of a group as padded rows, and per lane rowsum(dy∘y), then logSumExp.</summary>
    private static void GatherGroup(
        AttentionCall call, AttentionTree tree, int head, int group, float* queryRows, float* upstreamRows, float* deltas)
    {
        int first = group * AttentionTree.Group;
        int dim = call.PaddedDim;
        new Span<float>(deltas, 2 * AttentionTree.Group).Clear();
        for (int s = 0; s < tree.Segments.Length; s++)
        {
            int start = Math.Max(first, tree.LaneStart[s]);
            int count = Math.Min(first + AttentionTree.Group, tree.LaneStart[s] + tree.Asking[s]) - start;
            if (count <= 0)
            {
                continue;
            }

            long output = tree.Output[s] + start - tree.LaneStart[s];
            float* dy = call.Dy + (output * call.LdDy) + (head * call.HeadDim);
            float* y = call.Y + (output * call.LdY) + (head * call.HeadDim);
            PackRows(
                call.Queries.At(call.QueryRow(tree, s, start), head),
                call.Queries.Ld,
                count,
                call.HeadDim,
                queryRows + ((start - first) * dim),
                count);
            PackRows(dy, call.LdDy, count, call.HeadDim, upstreamRows + ((start - first) * dim), count);
            for (int i = 0; i < count; i++)
            {
                deltas[start - first + i] = SumRow<Product>(dy + ((nint)i * call.LdDy), y + ((nint)i * call.LdY), 0, call.HeadDim);
                deltas[AttentionTree.Group + start - first + i] = call.LogSumExp[((output + i) * call.LdLogSumExp) + head];
            }
        }
    }

    /// <summary>From S and V dy to P and dS, in place; 0 where a lane does not see, up to whole fours of keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScoreGradients(
        AttentionTree tree, int group, float* visible, float* hidden, float factor, float* deltas, float* p, float* dScores)
    {
        const int Group = AttentionTree.Group;
        TV nothing = TS.Broadcast(float.NegativeInfinity);
        TV scale = TS.Broadcast(factor);
        int count = LanesOf(tree, group);
        for (int v = 0; v < count; v += TS.Width)
        {
            TV delta = TS.Load(deltas + v);
            TV logSumExp = TS.Load(deltas + Group + v);
            for (int s = 0; s < tree.Segments.Length; s++)
            {
                int most = tree.Most[(s * tree.Groups) + group];
                int least = tree.Least[(s * tree.Groups) + group];
                TV seen = TS.Load(visible + (s * tree.Groups * Group) + v);
                long at = (tree.KeyStart[s] * Group) + v;
                for (int i = 0; i < most; i++, at += Group)
                {
                    TV score = TS.Sub(TS.Load(p + at), logSumExp);
                    TV slope = TS.Sub(TS.Load(dScores + at), delta);
                    if (i >= least)
                    {
                        score = TS.IfLess(TS.Broadcast(i), seen, score, nothing);
                        slope = TS.IfLess(TS.Broadcast(i), seen, slope, delta);
                        if (hidden != null)
                        {
                            TV from = TS.Load(hidden + (s * tree.Groups * Group) + v);
                            score = TS.IfLess(TS.Broadcast(i), from, nothing, score);
                            slope = TS.IfLess(TS.Broadcast(i), from, delta, slope);
                        }
                    }

                    TV probability = VectorMath.Exp<TS, TV>(score);
                    TS.Store(p + at, probability);
                    TS.Store(dScores + at, TS.Mul(TS.Mul(probability, scale), slope));
                }

                for (int i = most; i < ((most + 3) & -4); i++, at += Group)
                {
                    TS.Store(p + at, TS.Broadcast(0));
                    TS.Store(dScores + at, TS.Broadcast(0));
                }
            }
        }
    }

    /// <summary>sums [tree keys, dim] += P X over the group's lanes in order; X [group, dim].</summary>
    private static void AddToKeys(AttentionTree tree, int group, float* p, float* x, int dim, float* sums)
    {
        int first = group * AttentionTree.Group;
        int count = Math.Min(AttentionTree.Group, tree.Lanes - first);
        for (int s = 0; s < tree.Segments.Length; s++)
        {
            int keys = (tree.Most[(s * tree.Groups) + group] + 3) & -4;
            for (int i = 0; i < keys; i += KeyRows)
            {
                int from = Math.Max(0, tree.FirstLane(s, i) - first);
                nint row = tree.KeyStart[s] + i;
                Multiply(
                    p + (row * AttentionTree.Group) + from, AttentionTree.Group, 1, Math.Min(KeyRows, keys - i), x + (from * dim), dim,
                    sums + (row * dim), dim, dim, count - from, true);
            }
        }
    }

    private static void StoreQueryGradients(AttentionCall call, AttentionTree tree, int head, int group, float* rows)
    {
        int first = group * AttentionTree.Group;
        for (int s = 0; s < tree.Segments.Length; s++)
        {
            int end = Math.Min(first + AttentionTree.Group, tree.LaneStart[s] + tree.Asking[s]);
            for (int lane = Math.Max(first, tree.LaneStart[s]); lane < end; lane++)
            {
                float* to = call.DQueries.At(call.QueryRow(tree, s, lane), head);
                StoreScaled(rows + ((lane - first) * call.PaddedDim), 1, to, call.HeadDim);
            }
        }
    }

    /// <summary>Clears the gradients of queries that did not ask.</summary>
    private static void ClearQueryGradients(AttentionCall call, AttentionTree tree, int head)
    {
        for (int s = 0; s < tree.Segments.Length && !call.QueriesAlone; s++)
        {
            for (int i = 0; i < tree.Segments[s].Length - tree.Asking[s]; i++)
            {
                new Span<float>(call.DQueries.At(tree.Segments[s].Start + i, head), call.HeadDim).Clear();
            }
        }
    }

    private static void StoreKeyGradients(AttentionCall call, AttentionTree tree, int shared, float* dKeys, float* dValues)
    {
        for (int s = 0; s < tree.Segments.Length; s++)
        {
            for (int i = 0; i < tree.Segments[s].Length; i++)
            {
                long from = (long)(tree.KeyStart[s] + i) * call.PaddedDim;
                StoreScaled(dKeys + from, 1, call.DKeys.At(tree.Segments[s].Start + i, shared), call.HeadDim);
                StoreScaled(dValues + from, 1, call.DValues.At(tree.Segments[s].Start + i, shared), call.HeadDim);
            }
        }
    }
}
