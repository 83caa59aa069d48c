namespace Goodhart.Engine.Cpu;

/// <summary>
/// Softmax attention over a forest. One piece of work is one (tree, head), in which the rows that ask are lanes and keys stand below
/// each other: keys and values are read where they are, and no sum runs across a vector. Gradients are summed in lane order, so
/// neither the other trees of a batch nor the threads enter the result.
/// </summary>
internal sealed unsafe partial class CpuOps
{
    public void Attention(IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp)
    {
        HostPlan host = (HostPlan)plan;
        AttentionCall call = Call(host, queries, inputs, y, logSumExp, nameof(Attention));
        AttentionTree[] trees = host.Trees(queries, inputs.Window);
        int heads = inputs.Queries.Count;
        team.Run(trees.Length * heads, (chunk, worker) =>
            kernels.Attention(call, trees[chunk / heads], chunk % heads, Next(trees, chunk + 1, heads), scratch[worker]));
    }

    public void AttentionGrad(
        IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp, Mat dy, AttentionInputs gradients)
    {
        HostPlan host = (HostPlan)plan;
        AttentionCall call = Call(host, queries, inputs, y, logSumExp, nameof(AttentionGrad));
        RequireSame(y, dy, nameof(AttentionGrad));
        gradients.Require(nameof(AttentionGrad));
        RequireLike(inputs.Queries, gradients.Queries);
        RequireLike(inputs.Keys, gradients.Keys);
        RequireLike(inputs.Values, gradients.Values);
        call.Dy = F(dy);
        call.LdDy = dy.Ld;
        (call.DQueries, call.DKeys, call.DValues) = (Point(gradients.Queries), Point(gradients.Keys), Point(gradients.Values));

        // A piece is a key-value head with the queries that share it: its gradients are sums over them, in order.
        AttentionTree[] trees = host.Trees(queries, inputs.Window);
        int heads = inputs.Keys.Count;
        team.Run(trees.Length * heads, (chunk, worker) =>
            kernels.AttentionGrad(call, trees[chunk / heads], chunk % heads, Next(trees, chunk + 1, heads), scratch[worker]));

        static void RequireLike(Heads value, Heads gradient) => ShapeException.Require(
            gradient.Rows == value.Rows && gradient.Count == value.Count && gradient.Dim == value.Dim,
            nameof(AttentionGrad),
            FormattableString.Invariant($"{value.Rows} rows, {value.Count} heads of {value.Dim} columns"),
            gradient.Mat);
    }

    /// <summary>The tree of the piece of work after this one.</summary>
    private static AttentionTree? Next(AttentionTree[] trees, int chunk, int heads) =>
        chunk < trees.Length * heads ? trees[chunk / heads] : null;

    private AttentionCall Call(HostPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp, string operation)
    {
        inputs.Require(plan, queries, y, logSumExp, operation);
        Heads query = inputs.Queries;
        return new AttentionCall
        {
            HeadDim = query.Dim,
            Group = inputs.Group,
            QueriesAlone = query.Rows < inputs.Keys.Rows,
            Queries = Point(query),
            Keys = Point(inputs.Keys),
            Values = Point(inputs.Values),
            Y = F(y),
            LdY = y.Ld,
            LogSumExp = F(logSumExp),
            LdLogSumExp = logSumExp.Ld,
            Outputs = y.Rows,
        };
    }

    private HeadPointer Point(Heads heads) => new(F(heads.Mat) + heads.First, heads.Mat.Ld, heads.Stride);
}

/// <summary>Where heads are in memory.</summary>
/// <param name="ld">Floats from one row to the next.</param>
/// <param name="stride">Floats from one head to the next.</param>
internal readonly unsafe struct HeadPointer(float* start, nint ld, nint stride)
{
    public nint Ld => ld;

    public float* At(nint row, int head) => start + (row * ld) + (head * stride);
}

/// <summary>The arguments of one attention, as pointers; the gradient's are null in the forward pass.</summary>
internal sealed unsafe class AttentionCall
{
    public required int HeadDim { get; init; }

    /// <summary>Query heads per key-value head.</summary>
    public required int Group { get; init; }

    /// <summary>Whether queries have a row per asking row and not one per row of the forest.</summary>
    public required bool QueriesAlone { get; init; }

    public required HeadPointer Queries { get; init; }

    public required HeadPointer Keys { get; init; }

    public required HeadPointer Values { get; init; }

    public float* Y { get; init; }

    public int LdY { get; init; }

    public float* LogSumExp { get; init; }

    public int LdLogSumExp { get; init; }

    public float* Dy { get; set; }

    public int LdDy { get; set; }

    public HeadPointer DQueries { get; set; }

    public HeadPointer DKeys { get; set; }

    public HeadPointer DValues { get; set; }

    /// <summary>Rows of y.</summary>
    public required int Outputs { get; init; }

    public float Scale => (float)(1 / Math.Sqrt(HeadDim));

    public int PaddedDim => SimdBlock.Pad(HeadDim);

    /// <summary>Row of the queries in which a lane asks.</summary>
    public int QueryRow(AttentionTree tree, int segment, int lane) =>
        QueriesAlone ? tree.Output[segment] + lane - tree.LaneStart[segment] : tree.RowOf(segment, lane);
}

internal abstract unsafe partial class Kernels
{
    /// <param name="next">What comes after it: the next head of this tree, or head 0 of another.</param>
    public abstract void Attention(AttentionCall call, AttentionTree tree, int head, AttentionTree? next, Scratch scratch);

    /// <param name="shared">A key-value head.</param>
    public abstract void AttentionGrad(AttentionCall call, AttentionTree tree, int shared, AttentionTree? next, Scratch scratch);
}
