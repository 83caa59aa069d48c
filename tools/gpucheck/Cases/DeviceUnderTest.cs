using System.Globalization;
using Goodhart.Engine;
using Goodhart.Engine.Conformance;
using Goodhart.Engine.Torch;

namespace Goodhart.GpuCheck.Cases;

/// <summary>The device that the tables run on in this process.</summary>
public static class DeviceUnderTest
{
    private const string Cuda = "cuda";

    private static TorchOptions Options { get; set; } = new();

    /// <summary>As users get it, with fused attention where the library has it.</summary>
    public static DeviceKind Kind => Of("libtorch", fusesAttention: true);

    /// <summary>With attention by products and exponentials.</summary>
    public static DeviceKind Plain => Of("plain", fusesAttention: false);

    public static IDevice One() => Kind.Create("libtorch");

    /// <param name="name">torch, cuda or cuda:0, cuda:1 and so on.</param>
    /// <exception cref="ArgumentException">Another name.</exception>
    public static void Choose(string name, string? libtorch) => Options = new TorchOptions { Folder = libtorch, CudaIndex = IndexOf(name) };

    /// <summary>Whether the device computes what it should: after some faults a GPU refuses all that follows.</summary>
    public static bool IsWell()
    {
        try
        {
            using IDevice device = One();
            using IArena arena = device.CreateArena("health", 1 << 10);
            Mat x = arena.Allocate(1, 1);
            Mat y = arena.Allocate(1, 1);
            device.Upload(x, [3f]);
            device.Ops.Linear(x, x, default, default, y);
            return device.ReadF32(y)[0] == 9;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>As the tests of libtorch's CPU have it: layer norm may be off four times as far as the table says.</summary>
    private static DeviceKind Of(string variant, bool fusesAttention) => new(
        Options.CudaIndex is null ? "torch" : Cuda,
        [variant],
        threads: Options.CudaIndex is null ? [1, 2] : [1],
        (_, threads) => new TorchDevice(Options with { Threads = threads, FusesAttention = fusesAttention }))
    {
        Slack = 4,
    };

    private static int? IndexOf(string name) => name switch
    {
        "torch" => null,
        Cuda => 0,
        _ when name.StartsWith($"{Cuda}:", StringComparison.Ordinal) && int.TryParse(
            name.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index) => index,
        _ => throw new ArgumentException($"--device: expected torch, cuda or cuda:0, cuda:1 and so on, found '{name}'."),
    };
}
