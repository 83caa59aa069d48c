using Goodhart.Engine.Conformance;

namespace Goodhart.Engine.Cpu.Tests;

/// <summary>The CPU device by its instruction sets: those that this processor has.</summary>
public static class CpuKind
{
    public static DeviceKind Kind { get; } = new(
        "cpu",
        [.. Sets().Select(set => set.ToString())],
        threads: [1, 2, 3],
        (variant, threads) => new CpuDevice(threads, Enum.Parse<Isa>(variant)))
    {
        AlikeVariants = [.. Sets().Where(set => set != Isa.Portable || IsaDetection.Best == Isa.Portable).Select(set => set.ToString())],
    };

    private static IEnumerable<Isa> Sets() => Enum.GetValues<Isa>().Where(set => set <= IsaDetection.Best);
}

public sealed class LinearOnTheCpu() : LinearConformance(CpuKind.Kind);

public sealed class HeadOnTheCpu() : HeadConformance(CpuKind.Kind);

public sealed class OptimizersOnTheCpu() : OptimizersConformance(CpuKind.Kind);

public sealed class SampleOnTheCpu() : SampleConformance(CpuKind.Kind);

public sealed class TanhOnTheCpu() : TanhConformance(CpuKind.Kind);

public sealed class AttentionOnTheCpu() : AttentionConformance(CpuKind.Kind);

public sealed class DecodeOnTheCpu() : DecodeConformance(CpuKind.Kind);

public sealed class GatherOnTheCpu() : GatherConformance(CpuKind.Kind);

public sealed class GeluOnTheCpu() : GeluConformance(CpuKind.Kind);

public sealed class LayerNormOnTheCpu() : LayerNormConformance(CpuKind.Kind);

public sealed class RotaryOnTheCpu() : RotaryConformance(CpuKind.Kind);

public sealed class HeadViewsOnTheCpu() : HeadViewsConformance(CpuKind.Kind);

public sealed class RmsNormOnTheCpu() : RmsNormConformance(CpuKind.Kind);

public sealed class SwiGluOnTheCpu() : SwiGluConformance(CpuKind.Kind);

public sealed class HoldOnTheCpu() : HoldConformance(CpuKind.Kind);
