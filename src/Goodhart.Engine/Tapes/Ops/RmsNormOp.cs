namespace Goodhart.Engine.Ops;

public static class RmsNormOp
{
    /// <summary>Root-mean-square normalisation over features (Zhang and Sennrich 2019), eps inside the root.</summary>
    /// <param name="x">[n, groups·d], contiguous where there are several groups; each group of d columns is normalised by itself.</param>
    /// <param name="gain">d numbers, the same for every group.</param>
    public static Tensor RmsNorm(this Tape tape, Tensor x, Parameter gain, double eps)
    {
        int groups = x.Value.Cols / checked((int)gain.Value.Count);
        Tensor y = new(tape.Allocate(x.Value.Rows, x.Value.Cols), x.NeedsGradient || gain.IsTrained);
        Mat stats = tape.Allocate(x.Value.Rows * groups, 1, DType.F32);
        tape.Ops.RmsNorm(x.Value.Split(groups), gain.Value, eps, y.Value.Split(groups), stats);
        tape.Record(y, () =>
        {
            Mat dx = tape.GradientOf(x, out bool accumulate);
            tape.Ops.RmsNormGrad(
                y.Gradient.Split(groups), x.Value.Split(groups), gain.Value, stats, dx.Split(groups), accumulate, gain.Gradient);
            tape.Release(y.Gradient);
        }, x);
        return y;
    }
}
