namespace Goodhart.Engine.Cpu;

/// <summary>tanh and the gated recurrent unit. The unit's slopes: dc = dy (1 − z), dz = dy (h − c), dr = da_c u_c.</summary>
internal sealed unsafe partial class CpuOps
{
    public void Tanh(Mat x, Mat y)
    {
        RequireSame(x, y, nameof(Tanh));
        float* source = F(x);
        float* target = F(y);
        RunRows(x.Rows, 4 * x.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.Tanh(source + ((long)row * x.Ld), target + ((long)row * y.Ld), x.Cols);
            }
        });
    }

    public void TanhGrad(Mat y, Mat dy, Mat dx)
    {
        RequireSame(y, dy, nameof(TanhGrad));
        RequireSame(y, dx, nameof(TanhGrad));
        float* output = F(y);
        float* upstream = F(dy);
        float* target = F(dx);
        RunRows(y.Rows, y.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.TanhGrad(output + ((long)row * y.Ld), upstream + ((long)row * dy.Ld), target + ((long)row * dx.Ld), y.Cols);
            }
        });
    }

    public void GatedUnit(Mat gates, Mat recurrent, Mat hidden, Mat y)
    {
        RequireSame(hidden, y, nameof(GatedUnit));
        RequireGates(gates, hidden, nameof(GatedUnit));
        RequireGates(recurrent, hidden, nameof(GatedUnit));
        float* g = F(gates);
        float* u = F(recurrent);
        float* h = F(hidden);
        float* target = F(y);
        RunRows(hidden.Rows, 12 * hidden.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.GatedUnit(
                    g + ((long)row * gates.Ld), u + ((long)row * recurrent.Ld), h + ((long)row * hidden.Ld), target + ((long)row * y.Ld),
                    hidden.Cols);
            }
        });
    }

    public void GatedUnitGrad(Mat gates, Mat recurrent, Mat hidden, Mat dy, Mat dGates, Mat dRecurrent, Mat dHidden)
    {
        RequireSame(hidden, dy, nameof(GatedUnitGrad));
        RequireSame(hidden, dHidden, nameof(GatedUnitGrad));
        foreach (Mat mat in (ReadOnlySpan<Mat>)[gates, recurrent, dGates, dRecurrent])
        {
            RequireGates(mat, hidden, nameof(GatedUnitGrad));
        }

        float* g = F(gates);
        float* u = F(recurrent);
        float* h = F(hidden);
        float* upstream = F(dy);
        float* dg = F(dGates);
        float* du = F(dRecurrent);
        float* dh = F(dHidden);
        RunRows(hidden.Rows, 16 * hidden.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.GatedUnitGrad(
                    g + ((long)row * gates.Ld), u + ((long)row * recurrent.Ld), h + ((long)row * hidden.Ld), upstream + ((long)row * dy.Ld),
                    dg + ((long)row * dGates.Ld), du + ((long)row * dRecurrent.Ld), dh + ((long)row * dHidden.Ld), hidden.Cols);
            }
        });
    }

    private static void RequireGates(Mat gates, Mat hidden, string operation) => ShapeException.Require(
        gates.Rows == hidden.Rows && gates.Cols == 3 * hidden.Cols && gates.Type == DType.F32,
        operation,
        FormattableString.Invariant($"[{hidden.Rows}, {3 * hidden.Cols}] F32"),
        gates);
}

internal abstract unsafe partial class Kernels
{
    public abstract void Tanh(float* x, float* y, int count);

    public abstract void TanhGrad(float* y, float* dy, float* dx, int count);

    public abstract void GatedUnit(float* gates, float* recurrent, float* hidden, float* y, int count);

    public abstract void GatedUnitGrad(
        float* gates, float* recurrent, float* hidden, float* dy, float* dGates, float* dRecurrent, float* dHidden, int count);
}

internal sealed unsafe partial class Kernels<TS, TV>
{
    public override void Tanh(float* x, float* y, int count)
    {
        for (int i = 0; i < count; i += TS.Width)
        {
            int part = Math.Min(TS.Width, count - i);
            TS.StorePart(y + i, VectorMath.Tanh<TS, TV>(TS.LoadPart(x + i, part)), part);
        }
    }

    public override void TanhGrad(float* y, float* dy, float* dx, int count)
    {
        for (int i = 0; i < count; i += TS.Width)
        {
            int part = Math.Min(TS.Width, count - i);
            TV output = TS.LoadPart(y + i, part);
            TS.StorePart(dx + i, TS.Mul(TS.LoadPart(dy + i, part), TS.Fnma(output, output, TS.Broadcast(1f))), part);
        }
    }

    public override void GatedUnit(float* gates, float* recurrent, float* hidden, float* y, int count)
    {
        for (int i = 0; i < count; i += TS.Width)
        {
            int part = Math.Min(TS.Width, count - i);
            Gates(gates + i, recurrent + i, count, part, out _, out TV update, out TV candidate);

            // (1 − z) c + z h = c + z (h − c).
            TV step = TS.Sub(TS.LoadPart(hidden + i, part), candidate);
            TS.StorePart(y + i, TS.Fma(update, step, candidate), part);
        }
    }

    public override void GatedUnitGrad(
        float* gates, float* recurrent, float* hidden, float* dy, float* dGates, float* dRecurrent, float* dHidden, int count)
    {
        TV one = TS.Broadcast(1f);
        for (int i = 0; i < count; i += TS.Width)
        {
            int part = Math.Min(TS.Width, count - i);
            Gates(gates + i, recurrent + i, count, part, out TV reset, out TV update, out TV candidate);
            TV upstream = TS.LoadPart(dy + i, part);
            TV keep = TS.Mul(upstream, update);
            TV dCandidate = TS.Mul(TS.Sub(upstream, keep), TS.Fnma(candidate, candidate, one));
            TV dUpdate = TS.Mul(TS.Mul(keep, TS.Sub(one, update)), TS.Sub(TS.LoadPart(hidden + i, part), candidate));
            TV inner = TS.LoadPart(recurrent + (2 * count) + i, part);
            TV dReset = TS.Mul(TS.Mul(dCandidate, inner), TS.Mul(reset, TS.Sub(one, reset)));

            TS.StorePart(dHidden + i, keep, part);
            TS.StorePart(dGates + i, dReset, part);
            TS.StorePart(dRecurrent + i, dReset, part);
            TS.StorePart(dGates + count + i, dUpdate, part);
            TS.StorePart(dRecurrent + count + i, dUpdate, part);
            TS.StorePart(dGates + (2 * count) + i, dCandidate, part);
            TS.StorePart(dRecurrent + (2 * count) + i, TS.Mul(dCandidate, reset), part);
        }
    }

    private static void Gates(float* gates, float* recurrent, int count, int part, out TV reset, out TV update, out TV candidate)
    {
        reset = VectorMath.Sigmoid<TS, TV>(TS.Add(TS.LoadPart(gates, part), TS.LoadPart(recurrent, part)));
        update = VectorMath.Sigmoid<TS, TV>(TS.Add(TS.LoadPart(gates + count, part), TS.LoadPart(recurrent + count, part)));
        TV inner = TS.LoadPart(recurrent + (2 * count), part);
        candidate = VectorMath.Tanh<TS, TV>(TS.Fma(reset, inner, TS.LoadPart(gates + (2 * count), part)));
    }
}
