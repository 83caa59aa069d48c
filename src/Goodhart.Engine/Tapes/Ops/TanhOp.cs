namespace Goodhart.Engine.Ops;

public static class TanhOp
{
    /// <summary>tanh, element by element. The backward pass needs the output alone.</summary>
    public static Tensor Tanh(this Tape tape, Tensor x)
    {
        Tensor y = new(tape.Allocate(x.Value.Rows, x.Value.Cols), x.NeedsGradient);
        tape.Ops.Tanh(x.Value, y.Value);
        tape.Record(y, () =>
        {
            // tanh′ = 1 − tanh². y's gradient is spent here: the buffer becomes x's.
            tape.Ops.TanhGrad(y.Value, y.Gradient, y.Gradient);
            tape.Contribute(x, y.Gradient);
        }, y);
        return y;
    }
}
