using Goodhart.Alignment.Training;
using Goodhart.Cli.Bench;
using Goodhart.Cli.Bench.Shapes;
using Goodhart.Cli.Bench.Work;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Steps.Planning;
using Xunit;

namespace Goodhart.Cli.Tests.Bench;

/// <summary>The design point: Pythia 6.9B aligned on one GPU of 140 GiB.</summary>
public sealed class BenchMemoryTests
{
    private const double Gibibyte = 1L << 30;

    private static readonly DeviceMemory Gpu = new("a GPU", 140L << 30, IsHost: false, Precision.BF16);

    private static readonly BenchShape Shape = BenchShapes.Named("pythia-6.9b");

    private static readonly ModelConfig Config = Shape.Config(Models.Architecture.Default);

    [Fact]
    public void Dpo_at_6_9B_fits_and_what_is_fixed_is_14_bytes_a_weight()
    {
        MemoryUse use = BenchMemory.Of(BenchWork.Named("dpo"), Config, Choice(new() { ActivationCheckpointing = true }), Gpu);
        double weights = Config.Shape.Parameters;
        Assert.Equal(6_857_302_016, weights);
        Assert.Equal(2, use.Parts["weights"] / weights, 1e-3);
        Assert.Equal(4, use.Parts["master weights"] / weights, 1e-3);
        Assert.Equal(4, use.Parts["gradients"] / weights, 1e-3);
        Assert.Equal(4, use.Parts["optimizer state"] / weights, 1e-3);
        string[] parts = ["weights", "master weights", "gradients", "optimizer state"];
        Assert.Equal(14 * weights / Gibibyte, parts.Sum(part => use.Parts[part]) / Gibibyte, 0.01);
        Assert.InRange(use.Bytes, 0, Gpu.Usable);
    }

    [Fact]
    public void Each_saving_saves_what_it_says()
    {
        MemoryUse all = BenchMemory.Of(BenchWork.Named("dpo"), Config, Choice(TrainingMemory.Usual), Gpu);
        MemoryUse recomputed = BenchMemory.Of(BenchWork.Named("dpo"), Config, Choice(new() { ActivationCheckpointing = true }), Gpu);
        long before = GC.GetAllocatedBytesForCurrentThread();
        MemoryUse offloaded = BenchMemory.Of(BenchWork.Named("dpo"), Config, Choice(new() { OffloadsOptimizer = true }), Gpu);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 300_000_000);   // the state itself would be 27 GB
        Assert.InRange(recomputed.Parts["activations"] + recomputed.Parts["recomputed layer"], 1, all.Parts["activations"] / 4);
        Assert.InRange(all.Bytes - offloaded.Bytes, 0.99 * 4 * Config.Shape.Parameters, 4.0 * Config.Shape.Parameters);
    }

    private static WorkChoice Choice(TrainingMemory memory) =>
        new(Shape.Texts(Shape.UsualBatch, prompts: 1, tldr: false), RowBudget: 4096, memory);
}
