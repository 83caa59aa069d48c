using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Cpu.Threads;

namespace Goodhart.Engine.Cpu;

/// <summary>The CPU device: C# SIMD kernels (AVX-512, AVX2, portable) over native memory and a standing thread team.</summary>
/// <remarks>One device is used by one caller at a time; two devices side by side share nothing.</remarks>
public sealed class CpuDevice : IDevice
{
    /// <summary>Bumped when kernels change bits: it enters the key of every computed step.</summary>
    public const string NumericsVersion = "cpu-2";

    private readonly CpuOps ops;

    /// <param name="threads">Results do not depend on it.</param>
    public CpuDevice(int threads = 1)
        : this(threads, IsaDetection.Best)
    {
    }

    internal CpuDevice(int threads, Isa isa)
    {
        Memory = new HostMemory();
        Team = new ThreadTeam(threads);
        ops = new CpuOps(Memory, Team, isa);
        Info = new DeviceInfo("cpu", InstructionSetName(isa), NumericsVersion, threads) { PromisesBits = true };
    }

    public HostMemory Memory { get; }

    public ThreadTeam Team { get; }

    public DeviceInfo Info { get; }

    public IOps Ops => ops;

    public IArena CreateArena(string name, long bytes) => new BumpArena(Memory, name, bytes);

    public unsafe void Upload(Mem destination, ReadOnlySpan<byte> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, destination.Bytes);
        source.CopyTo(new Span<byte>(Memory.Address(destination), source.Length));
    }

    public IPending Read(Mem source) => new HostRead(Memory, source);

    public IPlan Prepare(SequencePlan plan, IArena arena) => new HostPlan(plan, arena, Upload);

    public IDisposable Hold(HeldWeights weights, IArena arena) => ops.Hold(weights, arena);

    public void Dispose()
    {
        ops.Dispose();
        Team.Dispose();
        Memory.Dispose();
    }

    private static string InstructionSetName(Isa isa) => isa switch
    {
        Isa.Avx512 => "AVX-512",
        Isa.Avx2 => "AVX2",
        _ => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 && Vector128.IsHardwareAccelerated ? "Arm" : "portable",
    };
}

/// <summary>Host memory needs no transfer: the bytes are already there.</summary>
public sealed class HostRead(HostMemory memory, Mem source) : IPending
{
    public unsafe ReadOnlySpan<byte> Wait() => new(memory.Address(source), checked((int)source.Bytes));
}
