using Goodhart.Engine.Conformance;
using Xunit;

namespace Goodhart.Engine.Cpu.Tests;

/// <summary>A promise that there was no memory for.</summary>
public sealed class HoldWithoutMemoryTests
{
    private const int Width = 40;

    /// <summary>Of the weights that were packed before it ran out, nothing is kept: their memory is given back, and nobody promised.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Nothing_stays_packed(int roomFor)
    {
        using Rig rig = new(CpuKind.Kind, CpuKind.Kind.Best);
        Mat first = Weight(1);
        Mat second = Weight(2);
        Mat head = Weight(3);
        using (IArena arena = new NarrowArena(rig.Device.CreateArena("layouts", 1), roomFor))
        {
            Assert.Throws<InsufficientMemoryException>(() => rig.Device.Hold(new HeldWeights([first, second], head), arena));
        }

        Mat x = rig.Matrix(5, Width, Rig.Random(5 * Width, 4));
        foreach (Mat weight in (Mat[])[first, second, head])
        {
            rig.Ops.Copy(Weight(9), weight);
            Assert.Equal(Product(Weight(9)), Product(weight));
        }

        double[] Product(Mat weight)
        {
            Mat y = rig.Matrix(x.Rows, weight.Rows);
            rig.Ops.Linear(x, weight, default, default, y);
            return rig.Values(y);
        }

        Mat Weight(int seed) => rig.Matrix(Width, Width, Rig.Random(Width * Width, seed), padding: 0);
    }

    private sealed class NarrowArena(IArena inner, int allocations) : IArena
    {
        private int left = allocations;

        public string Name => inner.Name;

        public long PeakBytes => inner.PeakBytes;

        public long ReservedBytes => inner.ReservedBytes;

        public Mat Allocate(int rows, int cols, DType type = DType.F32) =>
            left-- > 0 ? inner.Allocate(rows, cols, type) : throw new InsufficientMemoryException();

        public void Reset() => inner.Reset();

        public void Dispose() => inner.Dispose();
    }
}
