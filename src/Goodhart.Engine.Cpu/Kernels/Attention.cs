namespace Goodhart.Engine.Cpu;

/// <summary>
/// Softmax attention over a forest. One piece of work is one (tree, head), in which the rows that ask are lanes and keys stand below
/// each other: keys and values are read where they are, and no sum runs across a vector. Gradients are summed in lane order, so
/// neither the other trees of a batch nor the threads enter the result.
/// </summary>
internal sealed unsafe partial class CpuOps
{
    public void Attention(IPlan plan, Queries queries, Mat qkv, int heads, Mat y, Mat logSumExp)
    {
        HostPlan host = (HostPlan)plan;
        int headDim = CheckAttention(host, queries, qkv, heads, y, logSumExp, nameof(Attention));
        AttentionCall call = new()
        {
            HeadDim = headDim,
            Qkv = F(qkv),
            LdQkv = qkv.Ld,
            Y = F(y),
            LdY = y.Ld,
            LogSumExp = F(logSumExp),
            LdLogSumExp = logSumExp.Ld,
            Outputs = y.Rows,
        };
        AttentionTree[] trees = queries == Queries.All ? host.AllTrees : host.HeadTrees;
        team.Run(trees.Length * heads, (chunk, worker) =>
            kernels.Attention(call, trees[chunk / heads], chunk % heads, Next(trees, chunk + 1, heads), scratch[worker]));
    }

    public void AttentionGrad(IPlan plan, Queries queries, Mat qkv, int heads, Mat y, Mat logSumExp, Mat dy, Mat dQkv)
    {
        HostPlan host = (HostPlan)plan;
        int headDim = CheckAttention(host, queries, qkv, heads, y, logSumExp, nameof(AttentionGrad));
        RequireSame(y, dy, nameof(AttentionGrad));
        RequireSame(qkv, dQkv, nameof(AttentionGrad));
        AttentionCall call = new()
        {
            HeadDim = headDim,
            Qkv = F(qkv),
            LdQkv = qkv.Ld,
            Y = F(y),
            LdY = y.Ld,
            LogSumExp = F(logSumExp),
            LdLogSumExp = logSumExp.Ld,
            Outputs = y.Rows,
            Dy = F(dy),
            LdDy = dy.Ld,
            DQkv = F(dQkv),
            LdDQkv = dQkv.Ld,
        };
        AttentionTree[] trees = queries == Queries.All ? host.AllTrees : host.HeadTrees;
        team.Run(trees.Length * heads, (chunk, worker) =>
            kernels.AttentionGrad(call, trees[chunk / heads], chunk % heads, Next(trees, chunk + 1, heads), scratch[worker]));
    }

    /// <summary>The tree of the piece of work after this one.</summary>
    private static AttentionTree? Next(AttentionTree[] trees, int chunk, int heads) =>
        chunk < trees.Length * heads ? trees[chunk / heads] : null;

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

    /// <summary>Rows of y.</summary>
    public required int Outputs { get; init; }

    public float Scale => (float)(1 / Math.Sqrt(HeadDim));

    public int PaddedDim => SimdBlock.Pad(HeadDim);

    public float* Query(int row, int head) => Qkv + ((long)row * LdQkv) + (head * 3 * HeadDim);

    public float* Key(int row, int head) => Query(row, head) + HeadDim;

    public float* Value(int row, int head) => Query(row, head) + (2 * HeadDim);
}

internal abstract unsafe partial class Kernels
{
    /// <param name="next">What comes after it: the next head of this tree, or head 0 of another.</param>
    public abstract void Attention(AttentionCall call, AttentionTree tree, int head, AttentionTree? next, Scratch scratch);

    public abstract void AttentionGrad(AttentionCall call, AttentionTree tree, int head, AttentionTree? next, Scratch scratch);
}
