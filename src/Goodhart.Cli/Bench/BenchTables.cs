using System.Globalization;
using Spectre.Console;

namespace Goodhart.Cli.Bench;

/// <summary>The result as a person reads it.</summary>
internal static class BenchTables
{
    public static void Write(BenchResult result, IAnsiConsole console)
    {
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Machine}, {result.Device} ({result.InstructionSet}), {Text.Quantity.Of(result.Threads, "thread")}, {result.Clock} "
            + $"time; matrix products {Rate(result.GemmPeak)}; models {result.Architecture}"));
        Table table = Ansi.Table(
            "model", "parameters", "work", "ms/step", "tokens/s", "items/s", "", "FLOP/s", "utilisation", "arenas", "process");
        foreach (BenchRow row in result.Rows)
        {
            table.AddText(
                row.Model, Number(row.Parameters, "N0"), row.Work, Number(row.Seconds * 1e3, "N1"), Number(row.TokensPerSecond, "N0"),
                Number(row.ItemsPerSecond, row.ItemsPerSecond < 10 ? "0.00" : "N0"), row.Unit, Rate(row.FlopsPerSecond),
                Number(row.Utilisation, "P0"), Bytes(row.ArenaBytes), Bytes(row.ProcessBytes));
        }

        console.Write(table);
        foreach (BenchRow row in result.Rows.Where(row => row.Operations is not null))
        {
            WriteOperations(row, console);
        }
    }

    private static void WriteOperations(BenchRow row, IAnsiConsole console)
    {
        Table table = Ansi.Table($"{row.Model} {row.Work}", "calls", "ms", "share", "GFLOP/s");
        foreach (OpTime operation in row.Operations!)
        {
            table.AddText(
                operation.Operation,
                operation.Calls == 0 ? "" : Number(operation.Calls, "0.#"),
                Number(operation.Seconds * 1e3, "0.000"),
                Number(operation.Share, "P1"),
                operation.FlopsPerSecond == 0 ? "" : Number(operation.FlopsPerSecond / 1e9, "0.0"));
        }

        console.Write(table);
    }

    private static string Rate(double flops) => flops < 1e13 ? Number(flops / 1e9, "0.0") + " G" : Number(flops / 1e12, "0.0") + " T";

    private static string Bytes(long bytes) =>
        bytes < 1 << 30 ? Number(bytes / 1048576.0, "N0") + " MiB" : Number(bytes / 1073741824.0, "0.00") + " GiB";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
