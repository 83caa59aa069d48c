namespace Goodhart.Engine.Cpu;

internal sealed unsafe partial class CpuOps
{
    private readonly Dictionary<RotaryTable, RotaryAngles> angles = [];

    public void Rotary(Heads x, Mat positions, RotaryTable table, bool inverse)
    {
        x.Require(nameof(Rotary));
        ShapeException.Require(
            table.Dims <= x.Dim && table.Dims % 2 == 0,
            nameof(Rotary),
            FormattableString.Invariant($"an even number of rotated dims (got {table.Dims}) within a head of {x.Dim}"),
            x.Mat);
        RequireTable(positions, x.Rows, 1, nameof(Rotary));
        int* position = I(positions);
        HeadPointer heads = Point(x);
        int last = -1;
        for (int row = 0; row < x.Rows; row++)
        {
            last = Math.Max(last, position[row]);
        }

        RotaryAngles found = AnglesUpTo(table, last);
        int half = table.Dims / 2;
        fixed (float* cos = found.Cos, sin = found.Sin)
        {
            // The team returns before the arrays are released.
            nint c = (nint)cos;
            nint s = (nint)sin;
            RunRows(x.Rows, x.Count * table.Dims, (start, count) =>
            {
                for (int row = start; row < start + count; row++)
                {
                    long at = (long)position[row] * half;
                    kernels.RotateRow(heads.At(row, 0), x.Count, x.Stride, (float*)c + at, (float*)s + at, half, inverse);
                }
            });
        }
    }

    private RotaryAngles AnglesUpTo(RotaryTable table, int position)
    {
        if (!angles.TryGetValue(table, out RotaryAngles? found) || found.Positions <= position)
        {
            found = new RotaryAngles(table, Math.Max(256, 2 * (position + 1)));
            angles[table] = found;
        }

        return found;
    }
}

/// <summary>cos and sin of every position's angles, [positions, dims/2]: computed in double, kept as f32.</summary>
internal sealed class RotaryAngles
{
    public RotaryAngles(RotaryTable table, int positions)
    {
        int half = table.Dims / 2;
        Positions = positions;
        Cos = new float[positions * half];
        Sin = new float[positions * half];
        for (int j = 0; j < half; j++)
        {
            double frequency = table.Frequency(j);
            for (int position = 0; position < positions; position++)
            {
                (double sin, double cos) = Math.SinCos(position * frequency);
                Cos[(position * half) + j] = (float)cos;
                Sin[(position * half) + j] = (float)sin;
            }
        }
    }

    public int Positions { get; }

    public float[] Cos { get; }

    public float[] Sin { get; }
}

internal abstract unsafe partial class Kernels
{
    /// <summary>Rotates the first 2·half dims of every head of one row.</summary>
    public abstract void RotateRow(float* x, int heads, nint stride, float* cos, float* sin, int half, bool inverse);
}

internal sealed unsafe partial class Kernels<TS, TV>
{
    public override void RotateRow(float* x, int heads, nint stride, float* cos, float* sin, int half, bool inverse)
    {
        for (int j = 0; j < half; j += TS.Width)
        {
            int count = Math.Min(TS.Width, half - j);
            TV c = TS.LoadPart(cos + j, count);
            TV s = TS.LoadPart(sin + j, count);
            s = inverse ? TS.Sub(TS.Broadcast(0), s) : s;
            for (int head = 0; head < heads; head++)
            {
                float* low = x + (head * stride) + j;
                Rotate(low, low + half, c, s, count);
            }
        }
    }

    private static void Rotate(float* low, float* high, TV cos, TV sin, int count)
    {
        TV a = TS.LoadPart(low, count);
        TV b = TS.LoadPart(high, count);
        TS.StorePart(low, TS.Fnma(b, sin, TS.Mul(a, cos)), count);
        TS.StorePart(high, TS.Fma(a, sin, TS.Mul(b, cos)), count);
    }
}
