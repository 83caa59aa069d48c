using Goodhart.Engine.Conformance;
using Xunit;

namespace Goodhart.Engine.Cpu.Tests;

/// <summary>A gradient's norm decides how far every weight moves, so its bits may not depend on the processor.</summary>
public sealed class SumSquaresTests
{
    private const int Chunk = 16384;

    /// <summary>Eight lanes in double for each chunk of 16,384, whatever the vectors are; then the chunks in order.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(4_099)]
    [InlineData(50_021)]
    public void It_is_the_sum_in_eight_lanes_bit_for_bit(int count)
    {
        double[] values = Rig.Random(count, 16);
        double expected = 0;
        for (int start = 0; start < count; start += Chunk)
        {
            expected += InLanes([.. values.Skip(start).Take(Chunk).Select(value => (float)value)]);
        }

        foreach (string variant in CpuKind.Kind.Variants)
        {
            using Rig rig = new(CpuKind.Kind, variant, threads: 2);
            using IArena arena = rig.Device.CreateArena("sum", 64);
            Mat sum = arena.Allocate(1, 1, DType.F64);
            rig.Ops.SumSquares(rig.Matrix(1, count, values, padding: 0), sum);
            Assert.Equal(expected, BitConverter.ToDouble(rig.Device.Read(sum.Mem).Wait()));
        }
    }

    private static double InLanes(float[] x)
    {
        double[] lanes = new double[8];
        int whole = x.Length / 8 * 8;
        for (int i = 0; i < whole; i++)
        {
            lanes[i % 8] += (double)x[i] * x[i];
        }

        double rest = x.Skip(whole).Aggregate(0.0, (sum, value) => sum + ((double)value * value));
        return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7])) + rest;
    }
}
