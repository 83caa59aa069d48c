namespace Goodhart.Engine.Ops;

public static class RotaryOp
{
    /// <summary>Rotates queries and keys in place; the backward pass rotates the gradient back, in place too.</summary>
    /// <param name="positions">[n, 1] I32.</param>
    public static Tensor Rotary(this Tape tape, Tensor qkv, Mat positions, int heads, RotaryTable table)
    {
        tape.Ops.Rotary(qkv.Value, positions, heads, table, inverse: false);
        tape.Record(() => tape.Ops.Rotary(qkv.Gradient, positions, heads, table, inverse: true));
        return qkv;
    }
}
