using Goodhart.Engine;

namespace Goodhart.Models.Scoring;

/// <summary>What rounding alone may part two computations by, of one model's log-probs of the same responses.</summary>
/// <remarks>
/// Where texts lie in other forests, sums are taken in another order. In bfloat16 every token's log-prob then moves, independently of the
/// others': between two orders of attention's sums, on models of 2 to 12 layers, a response's moved by 0.8 to 1.1 times √tokens times the
/// deviation of a token, which was 0.004 to 0.008 nats on usual weights and 0.02 on the largest.
/// </remarks>
public static class LogProbRounding
{
    /// <summary>Nats: how far a token is from float32 on average at most (docs/devices.md), which two computations are not above.</summary>
    private const double BFloat16Token = 0.03;

    private const double Deviations = 3;

    /// <summary>Nats, in float32: a response's sum is off by far less.</summary>
    private const double Float32 = 1e-3;

    /// <summary>Of the mean of responses' log-probs, in nats: three standard deviations of a sum of independent tokens.</summary>
    /// <param name="tokens">Of all the responses.</param>
    public static double OfMean(Precision precision, int tokens, int responses) => precision == Precision.F32
        ? Float32
        : Deviations * BFloat16Token * Math.Sqrt(tokens) / Math.Max(1, responses);
}
