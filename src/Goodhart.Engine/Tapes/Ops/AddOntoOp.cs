namespace Goodhart.Engine.Ops;

public static class AddOntoOp
{
    /// <summary>y += x, in place: y's own value must not be needed by the backward pass of what made it.</summary>
    /// <returns><paramref name="y"/>.</returns>
    public static Tensor AddOnto(this Tape tape, Tensor x, Tensor y)
    {
        tape.Ops.AddTo(x.Value, y.Value);
        y.NeedsGradient |= x.NeedsGradient;
        tape.Record(x, () =>
        {
            // y's gradient goes on to what made it; x gets the same.
            Mat dx = tape.GradientOf(x, out bool accumulate);
            if (accumulate)
            {
                tape.Ops.AddTo(y.Gradient, dx);
            }
            else
            {
                tape.Ops.Copy(y.Gradient, dx);
            }
        });
        return y;
    }
}
