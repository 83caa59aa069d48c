using Goodhart.Cli.Bench.Shapes;
using Goodhart.Cli.Bench.Work;
using Goodhart.Models;
using Goodhart.Models.Scoring;

namespace Goodhart.Cli.Bench;

/// <summary>Whether a measurement fits into memory: asked before anything is measured.</summary>
internal static class BenchMemory
{
    private const double Gibibyte = 1L << 30;

    /// <summary>Bytes that the work needs, about.</summary>
    public static long Need(BenchWork work, ModelShape shape, BenchTexts texts, int rowBudget)
    {
        PromptTree[] trees = [.. texts.Pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))];
        long rows = Math.Min(trees.Sum(tree => (long)tree.Rows), Math.Max(rowBudget, trees.Max(tree => tree.Rows)));
        if (work.Trains)
        {
            return (work.Models * shape.TrainingBytes(work is PretrainWork ? 2 : 1)) + shape.ActivationBytes(rows);
        }

        long cached = work is SampleWork
            ? texts.Prompts.Sum(prompt => (long)prompt.Tokens.Length + texts.NewTokens)
            : 0;
        return shape.WeightBytes + shape.LayerBytes(rows) + shape.CacheBytes(cached);
    }

    /// <exception cref="ArgumentException">More than there is; the message says what to do.</exception>
    public static void Require(BenchShape shape, BenchWork work, long need, long available)
    {
        if (need > available)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"--shapes {shape.Name} --work {work.Name}: needs about {need / Gibibyte:0.0} GiB of memory, and ")
                + FormattableString.Invariant($"{available / Gibibyte:0.0} GiB can be had. ")
                + "Take a smaller shape, fewer pairs (--batch) or prompts (--prompts), a smaller --row-budget"
                + (work.Trains ? ", or --work score,sample, which hold neither gradients nor optimizer state." : "."));
        }
    }
}
