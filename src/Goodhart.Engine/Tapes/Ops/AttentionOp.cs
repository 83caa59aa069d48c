namespace Goodhart.Engine.Ops;

public static class AttentionOp
{
    /// <summary>Softmax attention over the forest; saves the log-sum-exp per row and head.</summary>
    /// <remarks>It must be the only reader of its inputs: the backward pass writes their gradients.</remarks>
    /// <param name="window">A row sees itself and the window − 1 tokens before it; 0: all before it.</param>
    /// <returns>[n, heads·dim], or [head rows, heads·dim].</returns>
    public static Tensor Attention(
        this Tape tape, IPlan plan, Queries queries, HeadTensor query, HeadTensor key, HeadTensor value, int window = 0)
    {
        int rows = queries == Queries.All ? plan.Tokens.Rows : plan.HeadRows.Rows;
        Tensor y = new(
            tape.Allocate(rows, query.Count * query.Dim),
            query.Tensor.NeedsGradient || key.Tensor.NeedsGradient || value.Tensor.NeedsGradient);
        Mat logSumExp = tape.Allocate(rows, query.Count, DType.F32);
        AttentionInputs inputs = new(query.Value, key.Value, value.Value, window);
        tape.Ops.Attention(plan, queries, inputs, y.Value, logSumExp);
        tape.Record(y, () =>
        {
            foreach (Tensor input in (Tensor[])[query.Tensor, key.Tensor, value.Tensor])
            {
                _ = tape.GradientOf(input, out _);
            }

            AttentionInputs gradients = new(query.Gradient, key.Gradient, value.Gradient, window);
            tape.Ops.AttentionGrad(plan, queries, inputs, y.Value, logSumExp, y.Gradient, gradients);
            tape.Release(y.Gradient);
        }, query.Tensor, key.Tensor, value.Tensor, y);
        return y;
    }
}
