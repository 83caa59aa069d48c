using Goodhart.Engine.Conformance;
using Goodhart.Engine.Conformance.Folders;

namespace Goodhart.Engine.Torch.Tests;

/// <summary>libtorch's CPU, from the package beside the tests.</summary>
public static class TorchKind
{
    public static DeviceKind Kind { get; } = new(
        "torch",
        ["torch"],
        threads: [1, 2],
        (_, threads) => new TorchDevice(new TorchOptions { Folder = AppContext.BaseDirectory, Threads = threads }))
    {
        Slack = 4,
    };

    /// <summary>With attention by products and exponentials.</summary>
    public static DeviceKind Plain { get; } = new(
        "torch",
        ["plain"],
        threads: [1, 2],
        (_, threads) => new TorchDevice(
            new TorchOptions { Folder = AppContext.BaseDirectory, Threads = threads, FusesAttention = false }))
    {
        Slack = 4,
    };

    /// <summary>One that stores bfloat16.</summary>
    public static IDevice Stored() =>
        new TorchDevice(new TorchOptions { Folder = AppContext.BaseDirectory, Precision = Precision.BF16 });

    public static IDevice One() => Kind.Create("torch");
}

public sealed class LinearOnTorch() : LinearConformance(TorchKind.Kind);

public sealed class HeadOnTorch() : HeadConformance(TorchKind.Kind);

public sealed class OptimizersOnTorch() : OptimizersConformance(TorchKind.Kind);

public sealed class SampleOnTorch() : SampleConformance(TorchKind.Kind);

public sealed class HoldOnTorch() : HoldConformance(TorchKind.Kind);

public sealed class TanhOnTorch() : TanhConformance(TorchKind.Kind);

public sealed class AttentionOnTorch() : AttentionConformance(TorchKind.Kind);

public sealed class PlainAttentionOnTorch() : AttentionConformance(TorchKind.Plain);

public sealed class PlainDecodeOnTorch() : DecodeConformance(TorchKind.Plain);

public sealed class DecodeOnTorch() : DecodeConformance(TorchKind.Kind);

public sealed class GatherOnTorch() : GatherConformance(TorchKind.Kind);

public sealed class GeluOnTorch() : GeluConformance(TorchKind.Kind);

public sealed class LayerNormOnTorch() : LayerNormConformance(TorchKind.Kind);

public sealed class RotaryOnTorch() : RotaryConformance(TorchKind.Kind);

public sealed class HeadViewsOnTorch() : HeadViewsConformance(TorchKind.Kind);

public sealed class RmsNormOnTorch() : RmsNormConformance(TorchKind.Kind);

public sealed class SwiGluOnTorch() : SwiGluConformance(TorchKind.Kind);

public sealed class CheckpointsOnTorch() : CheckpointConformance(TorchKind.One);

public sealed class AdaptersOnTorch() : AdapterConformance(TorchKind.One);

public sealed class AdapterTrainingOnTorch() : AdapterTrainingConformance(TorchKind.One);

public sealed class TrainingOnTorch() : TrainingConformance(TorchKind.One);

public sealed class TrainingMemoryOnTorch() : TrainingMemoryConformance(TorchKind.One);
