using System.Text.Json;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Engine.Conformance;

public abstract class RotaryConformance(DeviceKind device)
{
    /// <summary>A query of ones in the low half, zeros in the high half, becomes (cos, sin).</summary>
    [Fact]
    public void Angles_agree_with_the_golden_tables()
    {
        foreach (JsonElement golden in Golden.Json("engine", "rope_tables.json").GetProperty("tables").EnumerateArray())
        {
            int dims = golden.GetProperty("rotary_ndims").GetInt32();
            int[] positions = golden.GetProperty("positions").Ints();
            using Rig rig = new(device, device.Best);
            double[] head = [.. Enumerable.Range(0, 3 * dims).Select(j => j % dims < dims / 2 ? 1.0 : 0.0)];
            Mat qkv = rig.Matrix(positions.Length, 3 * dims, [.. positions.SelectMany(_ => head)]);
            Rotate(rig, qkv, positions, 1, new RotaryTable(dims, golden.GetProperty("base").GetDouble()), false);
            double[] rotated = rig.Values(qkv);
            for (int i = 0; i < positions.Length; i++)
            {
                double[] cos = golden.GetProperty("cos_f64")[i].Doubles();
                double[] sin = golden.GetProperty("sin_f64")[i].Doubles();
                for (int j = 0; j < dims / 2; j++)
                {
                    Assert.Equal(cos[j], rotated[(i * 3 * dims) + j], 1e-7);
                    Assert.Equal(sin[j], rotated[(i * 3 * dims) + (dims / 2) + j], 1e-7);
                    Assert.Equal(cos[j], rotated[(i * 3 * dims) + dims + j], 1e-7);
                    Assert.Equal(1, rotated[(i * 3 * dims) + (2 * dims) + j]);
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 2, 2)]
    [InlineData(3, 24, 6)]
    [InlineData(2, 80, 20)]
    [InlineData(1, 64, 64)]
    public void Agrees_with_the_loops_and_the_inverse_undoes_it(int heads, int dim, int dims)
    {
        int[] positions = [0, 1, 5, 300, 1023, 7, 7];
        double[] x = Rig.Random(positions.Length * heads * 3 * dim, 1);
        foreach (string variant in device.Variants)
        {
            using Rig rig = new(device, variant, 2);
            RotaryTable table = new(dims, 5000);
            Mat qkv = rig.Matrix(positions.Length, heads * 3 * dim, x);
            Rotate(rig, qkv, positions, heads, table, false);
            Rig.Close(Loops(x, positions, heads, dim, table), rig.Values(qkv), 1e-6);
            Rotate(rig, qkv, positions, heads, table, true);
            Rig.Close(x, rig.Values(qkv), 1e-6);
        }
    }

    /// <summary>The gradient is the transpose: ⟨R x, u⟩ = ⟨x, Rᵀ u⟩.</summary>
    [Fact]
    public void The_inverse_is_the_transpose()
    {
        int[] positions = [3, 17, 80];
        double[] x = Rig.Random(3 * 72, 2);
        double[] u = Rig.Random(3 * 72, 3);
        using Rig rig = new(device, device.Best);
        RotaryTable table = new(8, 10000);
        Mat forward = rig.Matrix(3, 72, x);
        Mat backward = rig.Matrix(3, 72, u);
        Rotate(rig, forward, positions, 1, table, false);
        Rotate(rig, backward, positions, 1, table, true);
        Assert.Equal(
            rig.Values(forward).Zip(u, (a, b) => a * b).Sum(), rig.Values(backward).Zip(x, (a, b) => a * b).Sum(), 1e-5);
    }

    /// <summary>Queries and keys of a fused product.</summary>
    private static void Rotate(Rig rig, Mat qkv, int[] positions, int heads, RotaryTable table, bool inverse)
    {
        AttentionInputs inputs = AttentionInputs.Interleaved(qkv, heads);
        rig.Ops.Rotary(inputs.Queries, rig.Table(1, positions), table, inverse);
        rig.Ops.Rotary(inputs.Keys, rig.Table(1, positions), table, inverse);
    }

    private static double[] Loops(double[] x, int[] positions, int heads, int dim, RotaryTable table)
    {
        double[] y = [.. x];
        for (int i = 0; i < positions.Length; i++)
        {
            for (int part = 0; part < 3 * heads; part++)
            {
                for (int j = 0; part % 3 < 2 && j < table.Dims / 2; j++)
                {
                    int low = (((i * 3 * heads) + part) * dim) + j;
                    int high = low + (table.Dims / 2);
                    (double sin, double cos) = Math.SinCos(positions[i] * table.Frequency(j));
                    (y[low], y[high]) = ((x[low] * cos) - (x[high] * sin), (x[high] * cos) + (x[low] * sin));
                }
            }
        }

        return y;
    }
}
