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

    private float* F(Mat mat) => memory.F32(mat);

    private int* I(Mat mat) => memory.I32(mat);
}
