namespace Goodhart.Engine.Ops;

public static class GeluOp
{
    public static Tensor Gelu(this Tape tape, Tensor x, GeluForm form)
    {
        Tensor y = new(tape.Allocate(x.Value.Rows, x.Value.Cols), x.NeedsGradient);
        tape.Ops.Gelu(x.Value, form, y.Value);
        tape.Record(y, () =>
        {
            // y's gradient is spent here, and x has no other reader: the buffer is reused.
            tape.Ops.GeluGrad(x.Value, form, y.Gradient, y.Gradient);
            tape.Contribute(x, y.Gradient);
        }, x);
        return y;
    }
}
