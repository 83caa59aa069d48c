namespace Goodhart.Engine.Ops;

public static class SwiGluOp
{
    /// <summary>silu(gate) · up, silu(z) = z σ(z): the gated unit of Shazeer (2020).</summary>
    public static Tensor SwiGlu(this Tape tape, Tensor gate, Tensor up)
    {
        Tensor y = new(tape.Allocate(gate.Value.Rows, gate.Value.Cols), gate.NeedsGradient || up.NeedsGradient);
        tape.Ops.SwiGlu(gate.Value, up.Value, y.Value);
        tape.Record(y, () =>
        {
            // y's gradient is spent here: its buffer becomes the gate's.
            Mat dUp = tape.Allocate(up.Value.Rows, up.Value.Cols);
            tape.Ops.SwiGluGrad(gate.Value, up.Value, y.Gradient, y.Gradient, dUp);
            tape.Contribute(gate, y.Gradient);
            tape.Contribute(up, dUp);
        }, gate, up);
        return y;
    }
}
