namespace Goodhart.Engine.Ops;

public static class LayerNormOp
{
    /// <summary>
    /// Layer normalisation over features, biased variance, eps inside the root. Saves mean and inverse deviation per row.
    /// </summary>
    public static Tensor LayerNorm(this Tape tape, Tensor x, Parameter gain, Parameter bias, double eps)
    {
        Tensor y = new(tape.Allocate(x.Value.Rows, x.Value.Cols), x.NeedsGradient || gain.IsTrained || bias.IsTrained);
        Mat stats = tape.Allocate(x.Value.Rows, 2, DType.F32);
        tape.Ops.LayerNorm(x.Value, gain.Value, bias.Value, eps, y.Value, stats);
        tape.Record(y, () =>
        {
            Mat dx = tape.GradientOf(x, out bool accumulate);
            tape.Ops.LayerNormGrad(y.Gradient, x.Value, gain.Value, stats, dx, accumulate, gain.Gradient, bias.Gradient);
            tape.Release(y.Gradient);
        }, x);
        return y;
    }
}
