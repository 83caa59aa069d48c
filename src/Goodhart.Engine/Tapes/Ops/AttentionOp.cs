namespace Goodhart.Engine.Ops;

public static class AttentionOp
{
    /// <summary>Softmax attention over the forest; saves the log-sum-exp per query and head, and recomputes the probabilities.</summary>
    /// <returns>[n, heads·headDim], or [head rows, heads·headDim] where only those ask.</returns>
    public static Tensor Attention(this Tape tape, IPlan plan, Queries queries, Tensor qkv, int heads)
    {
        int rows = queries == Queries.All ? qkv.Value.Rows : plan.HeadRows.Rows;
        Tensor y = new(tape.Allocate(rows, qkv.Value.Cols / 3));
        Mat logSumExp = tape.Allocate(rows, heads);
        tape.Ops.Attention(plan, queries, qkv.Value, heads, y.Value, logSumExp);
        tape.Record(() =>
        {
            Mat dQkv = tape.GradientOf(qkv, out _);
            tape.Ops.AttentionGrad(plan, queries, qkv.Value, heads, y.Value, logSumExp, y.Gradient, dQkv);
            tape.Release(y.Gradient);
        });
        return y;
    }
}
