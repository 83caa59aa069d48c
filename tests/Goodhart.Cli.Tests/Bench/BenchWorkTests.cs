using Goodhart.Alignment.Training;
using Goodhart.Cli.Bench;
using Goodhart.Cli.Bench.Shapes;
using Goodhart.Cli.Bench.Work;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Planning;
using Goodhart.Models;
using Goodhart.Steps.Planning;
using Xunit;

namespace Goodhart.Cli.Tests.Bench;

/// <summary>A tiny case of each kind of work, counted by hand.</summary>
public sealed class BenchWorkTests
{
    /// <summary>2 layers of width 8: 768 weights in their matrices, 128 of them for keys and values; 11 words; 5 + 4 tokens.</summary>
    private static readonly TokenShape Tiny = new("tiny", 2, 8, 2, 11, new FixedLength(5), new FixedLength(4), 3);

    private const double Layer = (4 * 8 * 8) + (2 * 8 * 32);
    private const double KeysAndValues = 2 * 8 * 8;
    private const double Prompt = 1 + 2 + 3 + 4 + 5;   // pairs of a row and one that it sees
    private const double Response = (3 * 5) + 1 + 2 + 3;   // its last token is no input

    /// <summary>A pair: 11 rows, of which the first response token's and the responses' are read.</summary>
    private static readonly double Pair = Products((11 * Layer) + (7 * Layer) + (4 * KeysAndValues), Prompt + 5 + (4 * Response), 7 * 11);

    private static readonly double Example =
        Products((8 * Layer) + (4 * Layer) + (4 * KeysAndValues), Prompt + 5 + (2 * Response), 4 * 11);

    private static readonly double ExampleValues =
        Products((8 * Layer) + (4 * Layer) + (4 * KeysAndValues), Prompt + 5 + (2 * Response), 4);

    public static TheoryData<string, string, double, double, double> Kinds => new()
    {
        { "dpo", "dpo", 3 * 13, 3, 3 * 3 * Pair },
        { "sft", "sft", 3 * 9, 3, 3 * 3 * Example },
        { "pretrain", "pretrain", 3 * 9, 3, 3 * 3 * Products(16 * Layer, 2 * (Prompt + Response), 8 * 11) },
        {
            "reward", "reward", 3 * 13, 3,
            3 * 3 * Products((13 * Layer) + (2 * Layer) + (11 * KeysAndValues), Prompt + (2 * ((4 * 5) + 10)) + 18, 2)
        },
        { "ppo", "ppo", 3 * 9, 3, 3 * (1 + (3 * 4)) * (Example + ExampleValues) },
        { "score", "score", 3 * 13, 3, 3 * Pair },
        { "kl", "kl", 3 * 13, 3, 2 * 3 * Pair },
        { "sample", "sample: prefill", 2 * 5, 2, 2 * Prefill },
        { "sample", "sample", 2 * 4, 2, 2 * (Prefill + (3 * Products(2 * Layer, 0, 11)) + Products(0, 2 * (6 + 7 + 8), 0)) },
    };

    private static double Prefill => Products((5 * Layer) + Layer + (4 * KeysAndValues), Prompt + 5, 11);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Tokens_items_and_operations_are_those_of_the_texts(string kind, string part, double tokens, double items, double flops)
    {
        using CpuDevice device = new(threads: 1);
        MemoryMeter held = new();
        using MeteredDevice metered = new(device, held);
        using LanguageModel model = Tiny.Config(Models.Architecture.Default).Create(metered, training: BenchWork.Named(kind).Trains);
        BenchWeights.Fill(model);
        WorkSetting setting = new(
            model, new WorkChoice(Tiny.Texts(Tiny.UsualBatch, prompts: 2, tldr: false), RowBudget: 12, TrainingMemory.Usual));
        bool found = false;
        foreach (WorkPart one in BenchWork.Named(kind).Parts(setting))
        {
            using (one)
            {
                one.Step();
                one.Step();
                if (one.Name == part)
                {
                    found = true;
                    Assert.Equal(new WorkAmount(tokens, items, flops), one.Amount);
                }
            }
        }

        Assert.True(found);
        Assert.True(held.PeakBytes > (BenchWork.Named(kind).Trains ? 2 : 1) * model.Shape.WeightBytes);
        Assert.InRange(
            BenchMemory.Of(BenchWork.Named(kind), model.Config, setting.Choice, DeviceMemory.Host).Bytes, 0.9 * held.PeakBytes,
            1.1 * held.PeakBytes);
    }

    /// <summary>What `bench/peers/shapes.py` prints for the same shapes.</summary>
    [Theory]
    [InlineData("a", 6144)]
    [InlineData("d", 1920)]
    [InlineData("pythia-1b", 3770)]
    public void Texts_are_as_long_as_the_peers_draw_them(string shape, int tokens) => Assert.Equal(
        tokens,
        BenchShapes.Named(shape).Texts(BenchShapes.Named(shape).UsualBatch, prompts: 1, tldr: false)
            .Pairs.Sum(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length));

    [Fact]
    public void Bytes_are_counted_while_they_are_held()
    {
        using CpuDevice device = new(threads: 1);
        MemoryMeter held = new();
        using MeteredDevice metered = new(device, held);
        using (Engine.IArena arena = metered.CreateArena("one", 64))
        {
            arena.Allocate(16, 16);
            arena.Reset();
            arena.Allocate(16, 16);
            Assert.Equal(1024, held.PeakBytes);
        }

        held.Restart();
        Assert.Equal(0, held.PeakBytes);
    }

    private static double Products(double linear, double pairs, double head) => 2 * (linear + (pairs * 2 * 8) + (head * 8));
}
