using System.Text.Json.Serialization;

namespace Goodhart.Studies.Verification;

/// <summary>One line of the certificate.</summary>
/// <param name="Name">What must hold.</param>
/// <param name="Compared">What the figure is the largest difference of; of weights, on a device that promises no bits, their distance over
/// that which training moved them.</param>
/// <param name="Figure">NaN where something was not a number, which never passes.</param>
/// <param name="Tolerance">0: bit for bit.</param>
public sealed record CheckResult(
    string Name,
    string Compared,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Figure,
    double Tolerance)
{
    public bool Passed => Figure <= Tolerance;
}

/// <summary>A correctness certificate of a model on this machine.</summary>
/// <param name="Data">Where the pairs come from.</param>
/// <param name="Device">Device and instruction set that computed.</param>
public sealed record VerificationReport(
    string Model, string? Reference, string Data, int Pairs, string Device, int Threads, IReadOnlyList<CheckResult> Checks)
{
    public bool Passed => Checks.All(check => check.Passed);
}
