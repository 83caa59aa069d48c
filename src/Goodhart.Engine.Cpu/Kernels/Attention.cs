namespace Goodhart.Engine.Cpu;

/// <summary>
/// Softmax attention over a forest. One piece of work is one (tree, head): its keys and values are packed once and serve all its
/// segments; its gradients are summed in segment order, so neither the other trees of a batch nor the threads enter the result.
/// </summary>
internal sealed unsafe partial class CpuOps
{
    public void Attention(IPlan plan, Queries queries, Mat qkv, int heads, Mat y, Mat logSumExp)
    {
        HostPlan host = (HostPlan)plan;
        int headDim = CheckAttention(host, queries, qkv, heads, y, logSumExp, nameof(Attention));
        AttentionCall call = new()
        {
            Plan = host,
            AllRows = queries == Queries.All,
            HeadDim = headDim,
            Qkv = F(qkv),
            LdQkv = qkv.Ld,
            Y = F(y),
            LdY = y.Ld,
            LogSumExp = F(logSumExp),
            LdLogSumExp = logSumExp.Ld,
        };
        team.Run(host.Trees.Length * heads, (chunk, worker) =>
            kernels.Attention(call, host.Trees[chunk / heads], chunk % heads, scratch[worker]));
    }

    public void AttentionGrad(IPlan plan, Queries queries, Mat qkv, int heads, Mat y, Mat logSumExp, Mat dy, Mat dQkv)
    {
        HostPlan host = (HostPlan)plan;
        int headDim = CheckAttention(host, queries, qkv, heads, y, logSumExp, nameof(AttentionGrad));
        RequireSame(y, dy, nameof(AttentionGrad));
        RequireSame(qkv, dQkv, nameof(AttentionGrad));
        AttentionCall call = new()
        {
            Plan = host,
            AllRows = queries == Queries.All,
            HeadDim = headDim,
            Qkv = F(qkv),
            LdQkv = qkv.Ld,
            Y = F(y),
            LdY = y.Ld,
            LogSumExp = F(logSumExp),
            LdLogSumExp = logSumExp.Ld,
            Dy = F(dy),
            LdDy = dy.Ld,
            DQkv = F(dQkv),
            LdDQkv = dQkv.Ld,
        };
        team.Run(host.Trees.Length * heads, (chunk, worker) =>
            kernels.AttentionGrad(call, host.Trees[chunk / heads], chunk % heads, scratch[worker]));
    }

    private static int CheckAttention(HostPlan plan, Queries queries, Mat qkv, int heads, Mat y, Mat logSumExp, string operation)
    {
        int headDim = qkv.Cols / (3 * heads);
        int asked = queries == Queries.All ? plan.Source.Rows : plan.Source.HeadRows.Length;
        ShapeException.Require(
            qkv.Rows == plan.Source.Rows && qkv.Cols == 3 * heads * headDim && qkv.Type == DType.F32,
            operation,
            FormattableString.Invariant($"qkv [{plan.Source.Rows}, a multiple of 3·{heads}] F32"),
            qkv);
        ShapeException.Require(
            y.Rows == asked && y.Cols == heads * headDim && y.Type == DType.F32,
            operation,
            FormattableString.Invariant($"y [{asked}, {heads * headDim}] F32"),
            y);
        ShapeException.Require(
            logSumExp.Rows == asked && logSumExp.Cols == heads && logSumExp.Type == DType.F32,
            operation,
            FormattableString.Invariant($"logSumExp [{asked}, {heads}] F32"),
            logSumExp);
        return headDim;
    }
}

/// <summary>The arguments of one attention, as pointers; the gradient's are null in the forward pass.</summary>
internal sealed unsafe class AttentionCall
{
    public required HostPlan Plan { get; init; }

    public required bool AllRows { get; init; }

    public required int HeadDim { get; init; }

    public float* Qkv { get; init; }

    public int LdQkv { get; init; }

    public float* Y { get; init; }

    public int LdY { get; init; }

    public float* LogSumExp { get; init; }

    public int LdLogSumExp { get; init; }

    public float* Dy { get; init; }

    public int LdDy { get; init; }

    public float* DQkv { get; init; }

    public int LdDQkv { get; init; }

    public float Scale => (float)(1 / Math.Sqrt(HeadDim));

    public int PaddedDim => SimdBlock.Pad(HeadDim);

    public float* Query(int row, int head) => Qkv + ((long)row * LdQkv) + (head * 3 * HeadDim);

    public float* Key(int row, int head) => Query(row, head) + HeadDim;

    public float* Value(int row, int head) => Query(row, head) + (2 * HeadDim);
}

/// <summary>Consecutive asking rows of one segment: the unit in which scores are held.</summary>
/// <param name="Segment">Index within the tree.</param>
/// <param name="First">Index of the first row within the segment.</param>
/// <param name="Count">At most <see cref="Rows"/>.</param>
/// <param name="Output">Row of y and logSumExp of the first.</param>
internal readonly record struct QueryBlock(int Segment, int First, int Count, int Output)
{
    public const int Rows = 32;

    /// <summary>The blocks of a tree, in row order.</summary>
    public static IEnumerable<QueryBlock> Of(AttentionTree tree, HostPlan plan, bool allRows)
    {
        for (int s = 0; s < tree.Segments.Length; s++)
        {
            Segment segment = tree.Segments[s];
            int id = tree.SegmentIds[s];
            int asking = allRows ? segment.Length : plan.HeadCount[id];
            int output = allRows ? segment.Start : plan.HeadStart[id];
            for (int done = 0; done < asking; done += Rows)
            {
                yield return new QueryBlock(s, segment.Length - asking + done, Math.Min(Rows, asking - done), output + done);
            }
        }
    }
}

internal abstract unsafe partial class Kernels
{
    public abstract void Attention(AttentionCall call, AttentionTree tree, int head, Scratch scratch);

    public abstract void AttentionGrad(AttentionCall call, AttentionTree tree, int head, Scratch scratch);
}
