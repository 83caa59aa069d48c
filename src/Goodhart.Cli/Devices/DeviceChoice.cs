using System.Globalization;
using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Torch;

namespace Goodhart.Cli.Devices;

/// <summary>A device by the name that users give it: the one place that makes devices.</summary>
/// <param name="Name">As <c>--device</c> has it.</param>
/// <param name="Create">Makes one with so many threads; folder of libtorch, or null, and precision are for those that it computes.</param>
/// <param name="Working">What one takes besides the memory it is asked for, where it is not at hand.</param>
internal sealed record DeviceChoice(
    string Name, Func<int, string?, Precision, IDevice> Create, Func<Precision, WorkingMemory> Working)
{
    /// <summary>All that a name can be, as help texts and refusals list them.</summary>
    public const string Names = "cpu, torch (libtorch's CPU), cuda or cuda:0, cuda:1 and so on";

    private const string Cuda = "cuda";

    /// <summary>Needs nothing that the program does not bring.</summary>
    public static DeviceChoice Cpu { get; } = new("cpu", (threads, _, _) => new CpuDevice(threads), _ => WorkingMemory.Small);

    /// <summary>The first GPU that the process sees.</summary>
    public static DeviceChoice AnyGpu { get; } = OfTorch(Cuda, cudaIndex: 0);

    /// <summary>One on the CPU, which computes in float32.</summary>
    public static IDevice CpuOf(int threads) => Cpu.Create(threads, null, Precision.F32);

    /// <summary>Null: there is none of this name.</summary>
    public static DeviceChoice? Find(string name) => name switch
    {
        "cpu" => Cpu,
        "torch" => OfTorch(name, cudaIndex: null),
        Cuda => AnyGpu,
        _ => name.StartsWith($"{Cuda}:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < 256
                ? OfTorch(name, index)
                : null,
    };

    /// <summary>Whether a device has memory and time of its own.</summary>
    public static bool IsGpu(DeviceInfo device) => IsGpu(device.Name);

    /// <inheritdoc cref="IsGpu(DeviceInfo)"/>
    /// <param name="name">As the user gives it.</param>
    public static bool IsGpu(string name) => name.StartsWith(Cuda, StringComparison.Ordinal);

    /// <summary>Those that the process sees, as CUDA_VISIBLE_DEVICES names them.</summary>
    public static IReadOnlyList<string> Gpus()
    {
        string[] named = (Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. Enumerable.Range(0, TorchDevice.Gpus).Select(
            index => index < named.Length ? named[index] : index.ToString(CultureInfo.InvariantCulture))];
    }

    private static DeviceChoice OfTorch(string name, int? cudaIndex) => new(
        name,
        (threads, folder, precision) => new TorchDevice(
            new TorchOptions { Folder = folder, CudaIndex = cudaIndex, Threads = threads, Precision = precision }),
        precision => TorchDevice.WorkingMemoryOf(precision, isGpu: cudaIndex is not null));
}
