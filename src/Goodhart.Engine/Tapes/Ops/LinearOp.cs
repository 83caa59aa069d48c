namespace Goodhart.Engine.Ops;

public static class LinearOp
{
    /// <summary>y = x Wᵀ + b + addend; the addend carries a residual stream without an operation of its own.</summary>
    /// <param name="type">Of y; null: as x is stored. F32 where a loss reads y.</param>
    public static Tensor Linear(
        this Tape tape, Tensor x, Parameter weight, Parameter? bias, Tensor? addend = null, DType? type = null)
    {
        ShapeException.Require(x.Value.Cols == weight.Value.Cols, weight.Name, $"input [n, {weight.Value.Cols}]", x.Value);
        Tensor y = new(
            tape.Allocate(x.Value.Rows, weight.Value.Rows, type ?? x.Value.Type),
            x.NeedsGradient || weight.IsTrained || addend is { NeedsGradient: true });
        tape.Ops.Linear(x.Value, weight.Value, bias?.Value ?? default, addend?.Value ?? default, y.Value);
        tape.Record(y, () =>
        {
            // dW = dyᵀ x, db = Σ dy, dx = dy W, daddend = dy
            if (weight.IsTrained)
            {
                tape.Ops.LinearWeightGrad(y.Gradient, x.Value, weight.Gradient, bias?.Gradient ?? default);
            }

            if (x.NeedsGradient)
            {
                Mat dx = tape.GradientOf(x, out bool accumulate);
                tape.Ops.LinearInputGrad(y.Gradient, weight.Value, dx, accumulate);
            }

            if (addend is null)
            {
                tape.Release(y.Gradient);
            }
            else
            {
                tape.Contribute(addend, y.Gradient);
            }
        }, weight.IsTrained ? [x] : []);
        return y;
    }
}
