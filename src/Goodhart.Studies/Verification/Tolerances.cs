using Goodhart.Engine;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Verification;

/// <summary>How far apart two computations of the same quantity may be, in the precision of the device.</summary>
internal sealed class Tolerances(DeviceInfo device)
{
    /// <summary>The same operations in the same order, whatever the threads, the cut or the interruption.</summary>
    public const double Bits = 0;

    /// <summary>
    /// Nats, in float32. Log-probs of one model scored twice: what remains is the rounding of the host's sums.
    /// </summary>
    private const double Float32StepZero = 1e-6;

    /// <summary>
    /// Nats: the same equations in float32 in another order, or against double precision. Mistakes show from 1e-3 up.
    /// </summary>
    private const double Float32 = 1e-4;

    /// <summary>Nats, of a device that stores bfloat16: what a token's log-prob may be off by.</summary>
    private const double BFloat16Token = 0.15;

    private bool IsF32 => device.Precision == Precision.F32;

    /// <summary>Of a token's log-prob, in nats.</summary>
    public double Token => IsF32 ? Float32 : BFloat16Token;

    /// <summary>Of a response's log-prob by its tokens or their root, in nats: three deviations of one token.</summary>
    public double TokenMean => IsF32 ? Float32 : LogProbRounding.OfMean(device.Precision, tokens: 1, responses: 1);

    /// <summary>
    /// Of how far training moved the weights. Where sums are taken in another order, a gradient that is nothing but rounding may change its
    /// sign, and RMSprop takes a step of full length on it: where a share s does, weights are 2√s of that way apart. s is 1 in 1600 in
    /// float32 and 1 in 64 in bfloat16, of which 1 in 950 was seen. One pair that is lost of four turns the gradient by 30°, which changes
    /// 1 sign in 6.
    /// </summary>
    public double Moved => IsF32 ? 0.05 : 0.25;

    /// <summary>Of the DPO loss of a batch whose policy and reference are each computed in two ways, in nats.</summary>
    /// <param name="beta">The loss changes by at most so much a nat of the margin.</param>
    public double Loss(double beta, IReadOnlyList<TokenizedPair> pairs) =>
        IsF32 ? Float32 : beta * Math.Sqrt(2) * MeanMargin(pairs);

    /// <summary>Of the DPO loss of a model that is its own reference, in nats: it changes by β/2 a nat of the margin.</summary>
    public double StepZeroLoss(double beta, IReadOnlyList<TokenizedPair> pairs) =>
        IsF32 ? Float32StepZero : beta / 2 * MeanMargin(pairs);

    /// <summary>Of the mean rewards of a model that is its own reference, in nats.</summary>
    public double StepZeroRewards(double beta, IReadOnlyList<TokenizedPair> pairs) => IsF32
        ? Float32StepZero
        : beta * LogProbRounding.OfMean(
            device.Precision, Math.Max(pairs.Sum(pair => pair.Chosen.Length), pairs.Sum(pair => pair.Rejected.Length)), pairs.Count);

    private double MeanMargin(IReadOnlyList<TokenizedPair> pairs) =>
        LogProbRounding.OfMean(device.Precision, pairs.Sum(pair => pair.Chosen.Length + pair.Rejected.Length), pairs.Count);
}
