using System.Globalization;
using Goodhart.Cli.Bench.Shapes;
using Goodhart.Cli.Bench.Work;
using Goodhart.Models;
using Goodhart.Steps.Planning;
using Spectre.Console;

namespace Goodhart.Cli.Bench;

/// <summary>Whether a measurement fits into memory: asked before anything is measured.</summary>
internal static class BenchMemory
{
    private const double Gibibyte = 1L << 30;

    /// <summary>What a step of the work takes, gone through without computing.</summary>
    public static MemoryUse Of(BenchWork work, ModelConfig config, WorkChoice choice, DeviceMemory memory) =>
        MemoryUse.Of(memory, device =>
        {
            using LanguageModel model = config.Create(device, training: work.Trains);
            foreach (WorkPart part in work.Parts(new WorkSetting(model, choice) { HasWeights = false }))
            {
                using (part)
                {
                    part.Step();
                }
            }
        });

    public static void Write(
        IReadOnlyList<(BenchShape Shape, ModelConfig Config, BenchWork Work, MemoryUse Use)> plans, IAnsiConsole console)
    {
        Table table = Ansi.Table("model", "parameters", "work", "GiB", "of which");
        foreach ((BenchShape shape, ModelConfig config, BenchWork work, MemoryUse use) in plans)
        {
            table.AddText(
                shape.Name, config.Shape.Parameters.ToString("N0", CultureInfo.InvariantCulture), work.Name, Size(use.Bytes),
                string.Join(", ", use.Parts.OrderByDescending(part => part.Value).Select(part => $"{part.Key} {Size(part.Value)}")));
        }

        console.Write(table);
    }

    /// <exception cref="ArgumentException">More than there is; the message says what to do.</exception>
    public static void Require(BenchShape shape, BenchWork work, MemoryUse need, long available)
    {
        if (need.Bytes > available)
        {
            throw new ArgumentException(
                $"--shapes {shape.Name} --work {work.Name}: needs about {Size(need.Bytes)} GiB of memory, and {Size(available)} GiB can be "
                + "had. Take a smaller shape, fewer pairs (--batch) or prompts (--prompts), a smaller --row-budget"
                + (work.Trains
                    ? ", --activation-checkpointing, or --work score,sample, which hold neither gradients nor optimizer state."
                    : "."));
        }
    }

    private static string Size(long bytes) => (bytes / Gibibyte).ToString("0.0", CultureInfo.InvariantCulture);
}
