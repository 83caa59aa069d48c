namespace Goodhart.Engine.Ops;

public static class GatherRowsOp
{
    /// <param name="rows">[m, 1] I32.</param>
    public static Tensor GatherRows(this Tape tape, Tensor x, Mat rows)
    {
        Tensor y = new(tape.Allocate(rows.Rows, x.Value.Cols), x.NeedsGradient);
        tape.Ops.GatherRows(x.Value, rows, y.Value);
        tape.Record(y, () =>
        {
            Mat dx = tape.GradientOf(x, out bool accumulate);
            tape.Ops.GatherRowsGrad(y.Gradient, rows, dx, accumulate);
            tape.Release(y.Gradient);
        });
        return y;
    }
}
