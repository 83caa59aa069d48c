using Goodhart.Engine.Randomness;
using Goodhart.Engine.Torch.Calls;
using Goodhart.Engine.Torch.Library;
using Xunit;

namespace Goodhart.Engine.Torch.Tests.Precisions;

/// <summary>What the CPU computes past libtorch's operators: products of bfloat16 with float32 sums, and sums of rows.</summary>
public sealed class HostProductTests
{
    private readonly Aten aten = Opened();
    private readonly RandomStream random = new(16, "host products", 0);

    /// <summary>Numbers of bfloat16 multiply exactly in float32; a sum rounded to bfloat16 would be off by a thousandth.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 40, 33)]
    [InlineData(65, 1, 7)]
    [InlineData(33, 70, 1)]
    [InlineData(190, 64, 130)]
    public void Products_sum_into_float32_however_their_factors_lie(int rows, int depth, int cols)
    {
        foreach (int way in Enumerable.Range(0, 8))
        {
            (bool turnA, bool turnB, bool accumulate) = ((way & 1) > 0, (way & 2) > 0, (way & 4) > 0);
            using Aten.Scope scope = aten.Open();
            TorchTensor a = Stored(rows, depth, turnA);
            TorchTensor b = Stored(depth, cols, turnB);
            TorchTensor y = aten.Narrow(aten.FromHost(Values(rows * (cols + 3)), aten.Imports.F32, rows, cols + 3), 1, 0, cols);
            float[] before = aten.ToHost(y);
            Assert.True(aten.TryMixedProduct(y, a, b, accumulate), "This libtorch has MKL.");
            float[] after = aten.ToHost(y);
            (float[] left, float[] right) = (aten.ToHost(a), aten.ToHost(b));
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < cols; j++)
                {
                    double sum = accumulate ? before[(i * cols) + j] : 0;
                    double size = Math.Abs(sum);
                    for (int k = 0; k < depth; k++)
                    {
                        double term = (double)left[(i * depth) + k] * right[(k * cols) + j];
                        sum += term;
                        size += Math.Abs(term);
                    }

                    Assert.Equal(sum, after[(i * cols) + j], 2e-6 * size);
                }
            }
        }
    }

    [Fact]
    public void Factors_of_another_type_are_left_to_operators()
    {
        using Aten.Scope scope = aten.Open();
        TorchTensor y = aten.FromHost([7f], aten.Imports.F32, 1, 1);
        Assert.False(aten.TryMixedProduct(y, aten.FromHost([2f], aten.Imports.F32, 1, 1), Stored(1, 1, false), accumulate: true));
        Assert.Equal([7f], aten.ToHost(y));
    }

    /// <summary>The same bits as one after the other: rows come several times, and lie with gaps.</summary>
    [Theory]
    [InlineData(50, 12, 1, 5)]
    [InlineData(9, 30, 3, 16)]
    [InlineData(1, 3, 2, 33)]
    public void Rows_are_added_in_order(int rows, int added, int parts, int width)
    {
        using Aten.Scope scope = aten.Open();
        float[] start = Values(rows * parts * (width + 2));
        float[] values = Values(added * parts * width);
        int[] places = [.. Enumerable.Range(0, added).Select(_ => random.NextInt(rows))];
        TorchTensor whole = parts == 1
            ? aten.FromHost(start, aten.Imports.F32, rows, width + 2)
            : aten.FromHost(start, aten.Imports.F32, rows, parts, width + 2);
        TorchTensor x = aten.Narrow(whole, parts == 1 ? 1 : 2, 0, width);
        TorchTensor own = parts == 1
            ? aten.FromHost(values, aten.Imports.F32, added, width)
            : aten.FromHost(values, aten.Imports.F32, added, parts, width);
        aten.AddRows(x, aten.FromHost(places, aten.Imports.I32, added), own);
        aten.AddRows(x, aten.FromHost([.. places.Select(place => (long)place)], aten.Imports.I64, added), own);
        foreach (int _ in Enumerable.Range(0, 2))
        {
            for (int i = 0; i < added * parts * width; i++)
            {
                (int line, int column) = (i / width, i % width);
                start[(((places[line / parts] * parts) + (line % parts)) * (width + 2)) + column] += values[i];
            }
        }

        Assert.Equal(start, aten.ToHost(whole));
    }

    private static Aten Opened()
    {
        TorchExports exports = new(TorchSearch.Find(AppContext.BaseDirectory), cuda: false);
        return new Aten(new TorchImports(exports, "cpu"), new OpenMp(exports), threads: 1, deviceIndex: 0);
    }

    private TorchTensor Stored(int rows, int cols, bool turned)
    {
        TorchTensor values = aten.To(
            aten.FromHost(Values(rows * cols), aten.Imports.F32, turned ? cols : rows, turned ? rows : cols), aten.Imports.BF16);
        return turned ? aten.Transpose(values, 0, 1) : values;
    }

    private float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
}
