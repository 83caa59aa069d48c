using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Planning;
using Goodhart.Models;
using Goodhart.Models.GptNeoX;
using Goodhart.Steps.Planning;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Engine.Torch.Tests.Memory;

/// <summary>A plan's memory against the bytes that the same run has in use, arenas' and operations', counted.</summary>
public sealed class PlannedMemoryTests
{
    private const int Updates = 2;
    private const int Batch = 8;

    /// <summary>A batch is one micro-batch, so that its order does not matter.</summary>
    private const int RowBudget = 4096;

    private static readonly GptNeoXConfig Wide = new()
    {
        VocabSize = 300,
        HiddenSize = 96,
        Layers = 3,
        Heads = 4,
        IntermediateSize = 384,
        MaxPositions = 1024,
        BosTokenId = null,
        EosTokenId = 0,
        PadTokenId = 0,
    };

    /// <summary>The logits of a batch are more than are held at once.</summary>
    private static readonly GptNeoXConfig Wordy = Wide with { VocabSize = 60_000, HiddenSize = 32, IntermediateSize = 64, Layers = 1 };

    /// <param name="wordy">Whether logits decide, or what attention and layers take.</param>
    /// <param name="widens">As on a processor without instructions for bfloat16.</param>
    [Theory]
    [InlineData("f32", false, false, false)]
    [InlineData("f32", true, false, false)]
    [InlineData("f32", false, true, false)]
    [InlineData("bf16", false, false, false)]
    [InlineData("bf16", true, false, false)]
    [InlineData("bf16", false, true, false)]
    [InlineData("bf16", true, true, false)]
    [InlineData("bf16", false, false, true)]
    [InlineData("bf16", true, false, true)]
    public void Alignment(string precision, bool wordy, bool checkpointing, bool widens)
    {
        ModelConfig config = wordy ? Wordy : Wide;
        TrainingMemory memory = new() { ActivationCheckpointing = checkpointing };
        TokenizedPair[] pairs =
        [
            .. Enumerable.Range(0, Batch).Select(
                i => new TokenizedPair(i, Tokens(60 + (20 * i)), Tokens(20 + (7 * i % 30)), Tokens(5 + (11 * i % 50)))),
        ];
        TrainingOptions recipe = TrainingOptions.Constant(Batch, new RmsProp(), learningRate: 1e-3, warmupSteps: 0, clipNorm: 1);
        MemoryMeter meter = new();
        HeldTensors held = new(meter);
        using TorchDevice device = new(new TorchOptions
        {
            Folder = AppContext.BaseDirectory,
            Precision = Precision.Find(precision)!,
            Widens = widens,
            Made = held.Made,
        });
        MemoryUse planned = new TrainingRehearsal(config, recipe, Seed: 0, Updates).Preferences(
            new MemoryChoice(RowBudget, memory, Lora: null, DeviceMemory.Of(device.Info)), couples: false, RemedyPlan.None, config,
            pairs);
        Assert.Equal(0, held.PeakBytes);

        using MeteredDevice metered = new(device, meter);
        using LanguageModel policy = config.Create(metered, training: true);
        using PreferenceTrainer trainer = new(policy, recipe, new DpoLoss { Beta = 1 }, RowBudget, memory: memory);
        for (int update = 0; update < Updates; update++)
        {
            trainer.Step(pairs, new ReferencePair[Batch], Updates);
        }

        string parts = string.Join(", ", planned.Parts.Select(part => FormattableString.Invariant($"{part.Key} {part.Value / 1e6:0.0}")));
        string found = FormattableString.Invariant($"planned {planned.Bytes / 1e6:0.0} MB ({parts}), ")
            + FormattableString.Invariant($"counted {held.PeakBytes / 1e6:0.0} with operations' {held.Most / 1e6:0.0}");
        Assert.True((double)planned.Bytes / held.PeakBytes is > 0.9 and < 1.1, found);
        Assert.True((double)planned.Parts["operations"] / held.Most is > 0.7 and < 1.4, found);

        static int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(i => 1 + (i % 200))];
    }
}
