namespace Goodhart.Cli.Bench;

/// <summary>What this machine does.</summary>
/// <param name="Device">Name of what computed.</param>
/// <param name="Numerics">With library and precision.</param>
/// <param name="Clock">What seconds are of: wall or cpu.</param>
/// <param name="GemmPeak">FLOP/s of large matrix products in the same process, of the device as it computes here.</param>
internal sealed record BenchResult(
    string Machine, string Device, string InstructionSet, string Numerics, int Threads, string Clock, double GemmPeak, string Architecture,
    IReadOnlyList<BenchRow> Rows);

/// <summary>One kind of work on one model.</summary>
/// <param name="Unit">What items are.</param>
/// <param name="Steps">That were measured.</param>
/// <param name="Seconds">Of a step, the median.</param>
/// <param name="BestSeconds">Of the fastest step.</param>
/// <param name="Tokens">Of a step: of prompts and responses as the data has them; of sampling, sampled tokens. Padding is none.</param>
/// <param name="Items">Of a step.</param>
/// <param name="Flops">Of a step: of the products the work needs, shared prompts counted once.</param>
/// <param name="Utilisation">Of the GEMM peak.</param>
/// <param name="ArenaBytes">The most that was in use on the device: weights, gradients, optimizer state, activations and caches.</param>
/// <param name="ProcessBytes">The most that was resident of the process.</param>
/// <param name="Operations">Where a step's time goes; null unless asked for.</param>
internal sealed record BenchRow(
    string Model, long Parameters, string Work, string Unit, int Steps, double Seconds, double BestSeconds, double Tokens, double Items,
    double Flops, double TokensPerSecond, double ItemsPerSecond, double FlopsPerSecond, double Utilisation, long ArenaBytes,
    long ProcessBytes, IReadOnlyList<OpTime>? Operations);
