using Goodhart.Engine;

namespace Goodhart.Studies.Verification;

/// <summary>How far apart two computations of the same quantity may be.</summary>
internal static class Tolerances
{
    /// <summary>The same operations in the same order, whatever the threads, the cut or the interruption.</summary>
    public const double Bits = 0;

    /// <summary>Nats. Log-probs of one model scored twice: what remains is the rounding of the host's sums.</summary>
    public const double StepZero = 1e-6;

    /// <summary>
    /// Nats per token: the same equations in float32 in another order, or against double precision. Mistakes show from 1e-3 up.
    /// </summary>
    private const double Float32 = 1e-4;

    /// <summary>Nats per token, of a device that stores bfloat16: what a token's log-prob may be off by.</summary>
    private const double BFloat16 = 0.15;

    /// <summary>
    /// Of how far training moved the weights. Where sums are taken in another order, a gradient that is nothing but rounding may change its
    /// sign, and RMSprop takes a step of full length on it; a pair that is lost moves most weights elsewhere.
    /// </summary>
    public const double Moved = 0.05;

    /// <summary>Nats per token, of the precision that a device computes in.</summary>
    public static double Rounding(DeviceInfo device) => device.Precision == Precision.F32 ? Float32 : BFloat16;
}
