using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Ops;

/// <content>Rows by index, and rotary embedding by positions.</content>
internal sealed partial class TorchOps
{
    private readonly BumpArena tables = new(memory, "tables", 1 << 16);
    private readonly Dictionary<RotaryTable, (int Positions, Mat Cos, Mat Sin)> angles = [];

    public void Embed(Mat table, Mat tokens, Mat y) => Gather(table, tokens, y, nameof(Embed));

    public void EmbedGrad(Mat dy, Mat tokens, Mat dTable) => Scatter(dy, tokens, dTable, nameof(EmbedGrad));

    public void GatherRows(Mat x, Mat rows, Mat y) => Gather(x, rows, y, nameof(GatherRows));

    public void GatherRowsGrad(Mat dy, Mat rows, Mat dx, bool accumulate)
    {
        if (!accumulate)
        {
            Zero(dx);
        }

        Scatter(dy, rows, dx, nameof(GatherRowsGrad));
    }

    public void Rotary(Heads x, Mat positions, RotaryTable table, bool inverse)
    {
        x.Require(nameof(Rotary));
        ShapeException.Require(
            table.Dims <= x.Dim && table.Dims % 2 == 0,
            nameof(Rotary),
            FormattableString.Invariant($"heads of {table.Dims} columns or more"),
            x.Mat);
        RequireTable(positions, x.Rows, 1, nameof(Rotary));
        if (x.Mat.IsEmpty || table.Dims == 0)
        {
            return;
        }

        int half = table.Dims / 2;
        (Mat cosTable, Mat sinTable) = Angles(table, positions);
        using Aten.Scope scope = aten.Open();
        TorchTensor rows = Vector(positions);
        TorchTensor cos = aten.Reshape(aten.IndexSelect(View(cosTable), rows), x.Rows, 1, half);
        TorchTensor sin = aten.Reshape(aten.IndexSelect(View(sinTable), rows), x.Rows, 1, half);
        TorchTensor low = memory.View(x, 0, half);
        TorchTensor high = memory.View(x, half, half);
        double sign = inverse ? -1 : 1;
        TorchTensor turned = aten.Mul(low, cos);
        aten.AddProduct(turned, high, sin, -sign);
        if (x.Mat.Type == DType.F32)
        {
            aten.MulInPlace(high, cos);
            aten.AddProduct(high, low, sin, sign);
        }
        else
        {
            TorchTensor turnedHigh = aten.Mul(high, cos);   // cosines are float32, and so is this
            aten.AddProduct(turnedHigh, low, sin, sign);
            aten.Copy(high, turnedHigh);
        }

        aten.Copy(low, turned);
    }

    private void Gather(Mat x, Mat rows, Mat y, string operation)
    {
        RequireTable(rows, y.Rows, 1, operation);
        ShapeException.Require(y.Cols == x.Cols, operation, FormattableString.Invariant($"{x.Cols} columns"), y);
        RequireIndices(rows, x.Rows, operation);
        if (y.IsEmpty)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        aten.Call("aten::index_select"u8, "out"u8, View(x), 0L, Vector(rows), View(y));
    }

    /// <summary>target[rows_i] += x_i.</summary>
    private void Scatter(Mat x, Mat rows, Mat target, string operation)
    {
        RequireTable(rows, x.Rows, 1, operation);
        ShapeException.Require(x.Cols == target.Cols, operation, FormattableString.Invariant($"{target.Cols} columns"), x);
        RequireIndices(rows, target.Rows, operation);
        if (x.IsEmpty)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        TorchTensor to = View(target);
        aten.AddRows(to, Vector(rows), aten.To(View(x), aten.TypeOf(to)));
    }

    /// <summary>
    /// Cosines and sines of all positions up to the largest, computed in double; made again, twice as many, where they do not reach.
    /// </summary>
    private (Mat Cos, Mat Sin) Angles(RotaryTable table, Mat positions)
    {
        int most = 0;
        foreach (int position in memory.Indices(positions))
        {
            ArgumentOutOfRangeException.ThrowIfNegative(position);
            most = Math.Max(most, position);
        }

        if (!angles.TryGetValue(table, out (int Positions, Mat Cos, Mat Sin) found) || found.Positions <= most)
        {
            int count = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1024, most + 1));
            angles[table] = found = (count, Made(count, Math.Cos), Made(count, Math.Sin));
        }

        return (found.Cos, found.Sin);

        Mat Made(int count, Func<double, double> function)
        {
            int half = table.Dims / 2;
            float[] values = new float[count * half];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)function(i / half * table.Frequency(i % half));
            }

            Mat mat = tables.Allocate(count, half);
            memory.Write(mat.Mem, System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
            return mat;
        }
    }
}
