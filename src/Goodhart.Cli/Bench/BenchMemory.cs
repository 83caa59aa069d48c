using Goodhart.Cli.Bench.Shapes;
using Goodhart.Cli.Bench.Work;
using Goodhart.Engine.Planning;
using Goodhart.Models;
using Goodhart.Steps.Planning;

namespace Goodhart.Cli.Bench;

/// <summary>Whether a measurement fits into memory: asked before anything is measured.</summary>
internal static class BenchMemory
{
    private const double Gibibyte = 1L << 30;

    /// <summary>Bytes that arenas will have in use: the same calls on a device without memory say it.</summary>
    /// <param name="training">Whether the model of all the work holds gradients.</param>
    public static long Need(BenchWork work, ModelConfig config, bool training, BenchTexts texts, int rowBudget)
    {
        MemoryMeter meter = new();
        using BlankDevice blank = new();
        using MeteredDevice device = new(blank, meter);
        using LanguageModel model = config.Create(device, training);
        foreach (WorkPart part in work.Parts(new WorkSetting(model, texts, rowBudget, Weights: _ => { })))
        {
            using (part)
            {
                part.Step();
            }
        }

        return meter.PeakBytes;
    }

    /// <exception cref="ArgumentException">It is more than there is; the message says what to do.</exception>
    public static void Require(BenchShape shape, BenchWork work, long need, DeviceMemory memory)
    {
        long all = need + (memory.IsHost ? MemoryPlan.Program : 0);
        if (all > memory.Usable)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"--shapes {shape.Name} --work {work.Name}: needs {all / Gibibyte:0.0} GiB of memory, and {memory.Place} has ")
                + FormattableString.Invariant($"{memory.Bytes / Gibibyte:0.0} GiB, of which a tenth is left free. Take a smaller shape, ")
                + "fewer pairs (--batch) or prompts (--prompts), a smaller --row-budget"
                + (work.Trains ? ", or --work score,sample, which hold neither gradients nor optimizer state." : "."));
        }
    }
}
