using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Goodhart.Engine.Cpu;

/// <summary>Which instructions the kernels use. Results are bit-identical within one value.</summary>
internal enum Isa
{
    /// <summary>What every processor has: 128-bit vectors where the runtime accelerates them, single numbers where it does not.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors (F, BW, DQ).</summary>
    Avx512,
}

internal static class IsaDetection
{
    /// <summary>The widest set that this processor runs and the runtime has not been told to leave out.</summary>
    public static Isa Best { get; } =
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Avx512DQ.IsSupported && Avx512BW.IsSupported ? Isa.Avx512
        : Avx2.IsSupported && Fma.IsSupported ? Isa.Avx2
        : Isa.Portable;
}
