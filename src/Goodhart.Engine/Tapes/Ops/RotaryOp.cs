namespace Goodhart.Engine.Ops;

public static class RotaryOp
{
    /// <summary>Rotates heads in place; the backward pass rotates the gradient back, in place too.</summary>
    /// <param name="positions">[n, 1] I32.</param>
    public static void Rotary(this Tape tape, HeadTensor x, Mat positions, RotaryTable table)
    {
        tape.Ops.Rotary(x.Value, positions, table, inverse: false);
        tape.Record(x.Tensor, () => tape.Ops.Rotary(x.Gradient, positions, table, inverse: true));
    }
}
