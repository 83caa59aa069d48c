using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Goodhart.Engine.Torch.Attention;
using Goodhart.Engine.Torch.Calls;
using Goodhart.Engine.Torch.Library;
using Goodhart.Engine.Torch.Memory;
using Goodhart.Engine.Torch.Ops;

namespace Goodhart.Engine.Torch;

/// <summary>A device over libtorch's C interface: its CPU, or a GPU where the library is built for CUDA.</summary>
/// <remarks>
/// One device is used by one caller at a time. Bits depend on the library's version, on the number of threads and on how a batch is cut:
/// <see cref="DeviceInfo.PromisesBits"/> is false. The same calls on the same machine give the same bits on the CPU.
/// </remarks>
public sealed class TorchDevice : IDevice
{
    /// <summary>Bumped when operations are composed in another way.</summary>
    private const string Composition = "torch-3";

    private static readonly Lock Loading = new();
    private static readonly Dictionary<(string Folder, bool Cuda), (TorchImports Imports, OpenMp Threading)> Loaded = [];
    private readonly TorchMemory memory;
    private readonly TorchOps ops;
    private readonly PartRules rules;

    /// <exception cref="TorchUnavailableException">There is no libtorch, or none that can do this; the message says what to do.</exception>
    public TorchDevice(TorchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        (TorchImports imports, OpenMp threading) = Load(options);
        Aten aten = new(imports, threading, options.Threads, options.CudaIndex ?? 0) { Made = options.Made };
        memory = new TorchMemory(aten, options.LooksAway);
        string name = options.CudaIndex is { } index ? FormattableString.Invariant($"cuda:{index}") : "torch";
        RequireDriver(name);
        int storage = options.Precision.Storage == DType.BF16 ? imports.BF16 : imports.F32;
        rules = options.CudaIndex is null ? PartRules.Host : PartRules.Cuda;
        AttentionKernel attention = options.FusesAttention ? AttentionKernels.Of(aten, storage) : new PlainAttention(aten);
        ops = new TorchOps(aten, memory, attention, rules, storage, options.Widens && aten.IsHost);
        Info = new DeviceInfo(
            name, $"libtorch {imports.Version}{(options.CudaIndex is null ? $", {ProcessorClass()}" : "")}",
            $"{Composition}, libtorch {imports.Version}, {name}, {options.Precision.Name}, {attention.Name}", options.Threads)
        {
            Precision = options.Precision,
            Working = new TorchWorkingMemory(options.Precision, rules, aten.Mixes, options.Widens && aten.IsHost),
            OwnMemory = options.CudaIndex is { } gpu
                ? CudaMemory.Total(gpu)
                    ?? throw new TorchUnavailableException($"--device {name}: its driver does not say what memory it has.")
                : null,
        };
    }

    /// <summary>GPUs that this process sees; 0 without a driver.</summary>
    public static int Gpus => CudaMemory.Count();

    /// <summary>What a device that is not at hand takes besides the memory it is asked for; its products of bfloat16 are the best there
    /// are.</summary>
    public static WorkingMemory WorkingMemoryOf(Precision precision, bool isGpu) =>
        new TorchWorkingMemory(precision, isGpu ? PartRules.Cuda : PartRules.Host, mixes: true, widens: false);

    public DeviceInfo Info { get; }

    public IOps Ops => ops;

    /// <summary>How often the host has waited for what the device computes.</summary>
    internal int HostReads => memory.HostReads;

    public IArena CreateArena(string name, long bytes) => new BumpArena(memory, name, bytes);

    public void Upload(Mem destination, ReadOnlySpan<byte> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, destination.Bytes);
        memory.Write(destination, source);
    }

    public IPending Read(Mem source) => new TorchRead(memory, source);

    public IPlan Prepare(SequencePlan plan, IArena arena) => new TorchPlan(plan, this, rules, arena);

    public IDisposable Hold(HeldWeights weights, IArena arena) => HeldWeights.AsTheyAre;

    public void Dispose()
    {
        ops.Dispose();
        memory.Dispose();
    }

    /// <summary>A library is loaded once in a process: OpenMP's threads are told of before.</summary>
    private static (TorchImports Imports, OpenMp Threading) Load(TorchOptions options)
    {
        bool cuda = options.CudaIndex is not null;
        lock (Loading)
        {
            TorchFiles files = TorchSearch.Find(options.Folder);
            if (!Loaded.TryGetValue((files.Folder, cuda), out (TorchImports Imports, OpenMp Threading) loaded))
            {
                OpenMp.Announce(options.Threads);
                NativeErrors.Listen();
                TorchExports exports = new(files, cuda);
                loaded = (new TorchImports(exports, cuda ? "cuda" : "cpu"), new OpenMp(exports));
                Loaded.Add((files.Folder, cuda), loaded);
            }

            return loaded;
        }
    }

    private void RequireDriver(string name)
    {
        try
        {
            memory.FreeSlab(memory.AddSlab(1), 1);
        }
        catch (TorchException fault)
        {
            throw new TorchUnavailableException(
                $"--device {name}: libtorch cannot use it: {fault.Message} A GPU needs its driver; `nvidia-smi` shows it, and the GPUs by "
                + "number. --device torch computes on the CPU.", fault);
        }
    }

    private static string ProcessorClass() => Vector512.IsHardwareAccelerated ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "portable";

    private sealed class TorchRead(TorchMemory memory, Mem source) : IPending
    {
        public ReadOnlySpan<byte> Wait() => memory.Read(source);
    }
}
