using Xunit;

namespace Goodhart.Engine.Conformance;

/// <summary>Rows by index, embedding, and what copies, adds and clears.</summary>
public abstract class GatherConformance(DeviceKind device)
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(7, 257)]
    [InlineData(257, 7)]
    public void Copy_add_and_zero_touch_every_element_once(int rows, int cols)
    {
        foreach (string variant in device.Variants)
        {
            using Rig rig = new(device, variant, 2);
            double[] x = Rig.Random(rows * cols, 1);
            Mat source = rig.Matrix(rows, cols, x, 5);
            Mat target = rig.Matrix(rows, cols);
            rig.Ops.Copy(source, target);
            Assert.Equal(x, rig.Values(target));
            rig.Ops.AddTo(source, target);
            Assert.Equal(x.Select(v => 2 * v), rig.Values(target));
            rig.Ops.Zero(target);
            Assert.Equal(new double[rows * cols], rig.Values(target));
        }
    }

    [Fact]
    public void Zero_and_copy_take_every_type()
    {
        using Rig rig = new(device, device.Best);
        Mat tokens = rig.Table(1, 5, 6, 7);
        Mat copy = rig.Table(1, 0, 0, 0);
        rig.Ops.Copy(tokens, copy);
        Assert.Equal([5, 6, 7], Ints(rig, copy));
        rig.Ops.Zero(copy);
        Assert.Equal([0, 0, 0], Ints(rig, copy));
    }

    [Fact]
    public void Embedding_takes_rows_and_its_gradient_adds_them_in_order()
    {
        int[] tokens = [2, 0, 2, 4, 2];
        foreach (string variant in device.Variants)
        {
            using Rig rig = new(device, variant, 3);
            double[] table = Rig.Random(5 * 19, 2);
            double[] dy = Rig.Random(5 * 19, 3, 1e3);
            Mat y = rig.Matrix(5, 19);
            rig.Ops.Embed(rig.Matrix(5, 19, table), rig.Table(1, tokens), y);
            Assert.Equal(tokens.SelectMany(t => table[(t * 19)..((t + 1) * 19)]), rig.Values(y));

            Mat sum = rig.Matrix(5, 19, table);
            rig.Ops.EmbedGrad(rig.Matrix(5, 19, dy), rig.Table(1, tokens), sum);
            float[] expected = [.. table.Select(v => (float)v)];
            for (int i = 0; i < tokens.Length; i++)
            {
                for (int j = 0; j < 19; j++)
                {
                    expected[(tokens[i] * 19) + j] += (float)dy[(i * 19) + j];
                }
            }

            Assert.Equal(expected.Select(v => (double)v), rig.Values(sum));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gather_gradient_scatters_and_clears_unless_it_accumulates(bool accumulate)
    {
        using Rig rig = new(device, device.Best);
        double[] x = Rig.Random(4 * 3, 4);
        Mat gathered = rig.Matrix(2, 3);
        rig.Ops.GatherRows(rig.Matrix(4, 3, x), rig.Table(1, 3, 1), gathered);
        Assert.Equal([.. x[9..12], .. x[3..6]], rig.Values(gathered));

        Mat dx = rig.Matrix(4, 3, x);
        rig.Ops.GatherRowsGrad(rig.Matrix(2, 3, [1, 2, 3, 4, 5, 6]), rig.Table(1, 3, 1), dx, accumulate);
        double[] expected = [0, 0, 0, 4, 5, 6, 0, 0, 0, 1, 2, 3];
        Assert.Equal(expected.Select((v, i) => accumulate ? (double)((float)x[i] + (float)v) : v), rig.Values(dx));
    }

    [Fact]
    public void An_index_out_of_range_is_named()
    {
        using Rig rig = new(device, device.Best);
        ShapeException thrown = Assert.Throws<ShapeException>(() =>
            rig.Ops.Embed(rig.Matrix(5, 2), rig.Table(1, 0, 5), rig.Matrix(2, 2)));
        Assert.Contains("expected indices in [0, 5), got 5 in row 1", thrown.Message, StringComparison.Ordinal);
    }

    private static int[] Ints(Rig rig, Mat mat) => rig.Device.ReadI32(mat);
}
