using Goodhart.Engine.Cpu.Threads;

namespace Goodhart.Engine.Cpu;

/// <summary>The kernels, one file per operation; this file holds what they share.</summary>
internal sealed unsafe partial class CpuOps(HostMemory memory, ThreadTeam team, Isa isa) : IOps, IDisposable
{
    /// <summary>Per-worker scratch memory that grows and is kept.</summary>
    private readonly Scratch[] scratch = [.. Enumerable.Range(0, team.Threads).Select(_ => new Scratch())];

    private readonly Kernels kernels = Kernels.For(isa);

    public void Dispose()
    {
        foreach (Scratch s in scratch)
        {
            s.Dispose();
        }
    }

    /// <summary>Shares rows among the team in chunks worth starting; a row's result may not depend on the chunk it is in.</summary>
    private void RunRows(int rows, int elementsPerRow, Action<int, int> body)
    {
        const int ElementsPerChunk = 16384;
        int perChunk = team.Threads == 1 ? Math.Max(1, rows) : Math.Max(1, ElementsPerChunk / Math.Max(1, elementsPerRow));
        team.Run((rows + perChunk - 1) / perChunk, (chunk, _) => body(chunk * perChunk, Math.Min(perChunk, rows - (chunk * perChunk))));
    }

    /// <summary>Shares whole blocks of columns: what sums over rows in row order.</summary>
    private void RunColumns(int rows, int cols, Action<int, int> body)
    {
        int blocks = (cols + SimdBlock.Lanes - 1) / SimdBlock.Lanes;
        RunRows(blocks, rows * SimdBlock.Lanes, (first, count) =>
        {
            int start = first * SimdBlock.Lanes;
            body(start, Math.Min(count * SimdBlock.Lanes, cols - start));
        });
    }

    private static void RequireSame(Mat x, Mat y, string operation) =>
        ShapeException.Require(
            y.Rows == x.Rows && y.Cols == x.Cols && y.Type == x.Type, operation, FormattableString.Invariant($"the shape {x}"), y);

    private static void RequireVector(Mat x, int count, string operation) =>
        ShapeException.Require(
            x.Count == count && x.Type == DType.F32 && (x.Cols == 1 ? x.Ld == 1 : x.Rows == 1),
            operation,
            FormattableString.Invariant($"{count} contiguous F32 values"),
            x);

    private static void RequireTable(Mat x, int rows, int cols, string operation) =>
        ShapeException.Require(
            x.Rows == rows && x.Cols == cols && x.Type == DType.I32 && x.Ld == cols,
            operation,
            FormattableString.Invariant($"a contiguous [{rows}, {cols}] I32 table"),
            x);

    private float* F(Mat mat) => memory.F32(mat);

    private int* I(Mat mat) => memory.I32(mat);
}
