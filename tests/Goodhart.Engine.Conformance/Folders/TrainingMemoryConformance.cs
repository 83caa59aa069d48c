using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Planning;
using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Testing;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Engine.Conformance.Folders;

/// <summary>What training spends to take less memory changes no bit of the weights, for every architecture and adapters; on one device,
/// every device inherits the same tests.</summary>
public abstract class TrainingMemoryConformance(Func<IDevice> createDevice)
{
    private const int Updates = 3;

    public static TheoryData<string> Folders =>
    [
        "gptneox/a-parallel-f32/policy", "gptneox/b-sequential-f32-sharded/policy", "gptneox/d-sequential-f16-odd/policy",
        "decoders/llama-gqa-f32/policy", "decoders/llama-tied-bf16/policy", "decoders/qwen2-bf16/policy", "decoders/qwen3-f32/policy",
        "decoders/mistral-sliding-f32/policy", "decoders/olmo2-f32/policy", "decoders/lora/llama-gqa-f32/adapter",
        "decoders/lora/gptneox-a-parallel-f32/adapter",
    ];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Checkpointed_activations_are_fewer_and_change_no_bit(string folder)
    {
        (float[] expected, MemoryMeter usual) = Train(folder, TrainingMemory.Usual);
        (float[] actual, MemoryMeter less) = Train(folder, new TrainingMemory { ActivationCheckpointing = true });
        Assert.Equal(Bits(expected), Bits(actual));
        Assert.InRange(less.AtPeak["activations"], 1, usual.AtPeak["activations"] / 2);
        Assert.DoesNotContain("recomputed layer", usual.AtPeak.Keys);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void An_optimizer_state_on_the_host_is_not_on_the_device_and_changes_no_bit(string folder)
    {
        (float[] expected, MemoryMeter usual) = Train(folder, TrainingMemory.Usual);
        (float[] actual, MemoryMeter less) = Train(folder, new TrainingMemory { OffloadsOptimizer = true });
        Assert.Equal(Bits(expected), Bits(actual));
        Assert.True(usual.AtPeak["optimizer state"] > 0);
        Assert.DoesNotContain("optimizer state", less.AtPeak.Keys);
    }

    private (float[] Weights, MemoryMeter Meter) Train(string folder, TrainingMemory memory)
    {
        MemoryMeter meter = new();
        using IDevice device = createDevice();
        using MeteredDevice metered = new(device, meter);
        using LanguageModel policy = ModelFolder.Load(metered, Golden.Path(folder.Split('/')), training: true);
        TrainingOptions options = TrainingOptions.Constant(8, new RmsProp(), learningRate: 1e-3, warmupSteps: 0, clipNorm: 1);
        using PreferenceTrainer trainer = new(policy, options, new DpoLoss { Beta = 0.1 }, rowBudget: 90, memory: memory);
        for (int step = 0; step < Updates; step++)
        {
            TokenizedPair[] pairs = Pairs(policy.VocabularySize, (ulong)step);
            trainer.Step(pairs, [.. pairs.Select(pair => new ReferencePair(-pair.Chosen.Length, -pair.Rejected.Length))], Updates);
        }

        return (device.ReadF32(policy.TrainedParameters.Values), meter);
    }

    /// <summary>Of random lengths, among them a prompt of one token and responses of one.</summary>
    private static TokenizedPair[] Pairs(int vocabulary, ulong seed) =>
    [
        .. Enumerable.Range(0, 8).Select(i =>
        {
            RandomStream random = new(seed, "pairs", (uint)i);
            return new TokenizedPair(i, Tokens(1 + (i * random.NextInt(4))), Tokens(1 + random.NextInt(9)), Tokens(1 + random.NextInt(9)));

            int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt(vocabulary))];
        }),
    ];

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
