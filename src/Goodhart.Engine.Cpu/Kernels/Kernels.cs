using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Cpu;

/// <summary>The inner loops, on plain pointers, compiled once per instruction set;
/// <see cref="CpuOps"/> checks shapes and shares out work.</summary>
internal abstract unsafe partial class Kernels
{
    public static Kernels For(Isa isa) => isa switch
    {
        Isa.Avx512 => new Kernels<Simd512, Vector512<float>>(),
        Isa.Avx2 => new Kernels<Simd256, Vector256<float>>(),
        _ => Vector128.IsHardwareAccelerated ? new Kernels<Simd128, Vector128<float>>() : new Kernels<Simd1, float>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe partial class Kernels<TS, TV> : Kernels
    where TS : ISimd<TV>
    where TV : struct
{
}
