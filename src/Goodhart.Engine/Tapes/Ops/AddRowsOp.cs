namespace Goodhart.Engine.Ops;

public static class AddRowsOp
{
    /// <summary>y_i = x_i + table[rows_i].</summary>
    /// <param name="rows">[n, 1] I32.</param>
    public static Tensor AddRows(this Tape tape, Tensor x, Tensor table, Mat rows)
    {
        Tensor y = new(tape.Allocate(x.Value.Rows, x.Value.Cols), x.NeedsGradient || table.NeedsGradient);
        tape.Ops.GatherRows(table.Value, rows, y.Value);
        tape.Ops.AddTo(x.Value, y.Value);
        tape.Record(y, () =>
        {
            if (table.NeedsGradient)
            {
                Mat dTable = tape.GradientOf(table, out bool accumulate);
                tape.Ops.GatherRowsGrad(y.Gradient, rows, dTable, accumulate);
            }

            tape.Contribute(x, y.Gradient);
        });
        return y;
    }
}
