namespace Goodhart.Cli.Bench;

/// <summary>What this machine does.</summary>
/// <param name="GemmPeak">FLOP/s of large matrix products in the same process.</param>
internal sealed record BenchResult(
    string Machine, string InstructionSet, int Threads, double GemmPeak, string Architecture, IReadOnlyList<BenchRow> Rows);

/// <summary>One kind of work on one model.</summary>
/// <param name="TokensPerSecond">Tokens of prompts and responses; for sampling, sampled tokens.</param>
/// <param name="ItemsPerSecond">Pairs or examples trained on, or responses sampled or scored.</param>
/// <param name="FlopsPerSecond">Of the products the work needs, shared prompts counted once.</param>
/// <param name="Utilisation">Of the GEMM peak.</param>
/// <param name="Operations">Where a step's time goes; null unless asked for.</param>
internal sealed record BenchRow(
    string Model, long Parameters, string Work, double TokensPerSecond, double ItemsPerSecond, double FlopsPerSecond, double Utilisation,
    IReadOnlyList<OpTime>? Operations);
