using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Models.Adapters;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.Llama;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Sampling;
using Xunit;

namespace Goodhart.Models.Tests.Adapters;

public sealed class LoraConfigTests
{
    private static readonly GptNeoXConfig NeoX =
        new() { VocabSize = 50304, HiddenSize = 768, Layers = 12, Heads = 12, IntermediateSize = 3072 };

    private static readonly LlamaConfig Llama = new()
    {
        Family = LlamaFamily.Llama,
        VocabSize = 32000,
        HiddenSize = 64,
        Layers = 2,
        Heads = 4,
        SharedHeads = 2,
        HeadDim = 16,
        IntermediateSize = 128,
    };

    [Fact]
    public void Layers_are_chosen_as_PEFT_chooses_them()
    {
        Assert.Equal(["query_key_value"], Short(NeoX, null));
        Assert.Equal(["q_proj", "v_proj"], Short(Llama, null));
        Assert.Equal(["dense"], Short(NeoX, new NamedTargets(["dense"])));
        Assert.Equal(["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"], Short(NeoX, new AllLinear()));
        Assert.Equal(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"], Short(Llama, new AllLinear()));
        Assert.Equal(["k_proj"], Short(Llama, new PatternTargets(@".*\.self_attn\.k_proj")));
        Assert.Equal(
            ["up_proj"],
            Names(Llama, new LoraConfig { Targets = new NamedTargets(["up_proj", "q_proj"]), Excluded = new NamedTargets(["q_proj"]) }));
        Assert.Single(new LoraConfig { Targets = new NamedTargets(["layers.1.mlp.up_proj"]) }.LayersOf(Llama));
        Assert.Throws<InvalidDataException>(() => new LoraConfig { Targets = new NamedTargets(["lm_head"]) }.For(Llama));
        Assert.Throws<InvalidDataException>(() => new LoraConfig { Targets = new NamedTargets(["nothing"]) }.LayersOf(Llama));
    }

    [Fact]
    public void A_name_to_leave_out_is_a_layers_too()
    {
        LoraConfig wrong = new() { Targets = new AllLinear(), Excluded = new NamedTargets(["q_proj", "qproj"]) };
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => wrong.For(Llama));
        Assert.StartsWith("--lora exclude: expected some of q_proj, k_proj", refused.Message, StringComparison.Ordinal);
        Assert.Contains("found 'qproj'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(new NamedTargets(["q_proj"]), wrong.OnOther(Llama).For(Llama).Excluded);
        Assert.Throws<InvalidDataException>(() => new LoraConfig { Targets = new NamedTargets(["q_proj"]) }.OnOther(NeoX));
    }

    [Fact]
    public void The_scaling_is_alpha_by_the_rank_or_by_its_root()
    {
        Assert.Equal(2, new LoraConfig { Rank = 16, Alpha = 32 }.Scaling);
        Assert.Equal(8, new LoraConfig { Rank = 16, Alpha = 32, RankStabilized = true }.Scaling);
        Assert.Equal(1, new LoraConfig().Scaling);
    }

    /// <summary>What an adapter is for: weights, gradients and AdamW's state of a model of 160M.</summary>
    [Fact]
    public void An_adapter_on_a_model_of_160M_takes_less_than_half_the_memory()
    {
        long trained = new LoraConfig { Rank = 16, Alpha = 32, Targets = new AllLinear() }.ParametersOn(NeoX, OutputHead.Language);
        Assert.Equal(12L * 16 * ((768 + 2304) + (768 + 768) + (768 + 3072) + (3072 + 768)), trained);
        Assert.InRange((double)NeoX.Shape.TrainingBytes(2, trained) / NeoX.Shape.TrainingBytes(2), 0.25, 0.45);
    }

    /// <summary>Inputs of frozen layers are not kept where no adapter reads them, and nothing below the first adapter is.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_backward_pass_under_an_adapter_keeps_less(bool parallel)
    {
        using CpuDevice device = new(1);
        using LanguageModel whole = SmallModel.Create(device, hidden: 32, vocabulary: 600, parallel, training: true);
        long full = Peak(whole);
        using LanguageModel frozen = SmallModel.Create(device, hidden: 32, vocabulary: 600, parallel);
        foreach ((AdapterTargets targets, double most)
            in ((AdapterTargets, double)[])[(new NamedTargets(["query_key_value"]), 0.9), (new AllLinear(), 1.15)])
        {
            Adapter adapter = new(
                device, frozen.Config, new LoraConfig { Rank = 2, Targets = targets }, "base", trainsHead: false, training: true);
            adapter.Initialize(seed: 1);
            using LanguageModel adapted = frozen.WithAdapter(adapter);
            Assert.InRange((double)Peak(adapted) / full, 0.1, most);
            Assert.All(adapted.Parameters.All, parameter => Assert.False(parameter.IsTrained));
            Assert.Contains(adapter.Parameters.All, parameter => device.ReadF32(parameter.Gradient).Any(value => value != 0));
        }

        static long Peak(LanguageModel model)
        {
            using IArena arena = model.Device.CreateArena("test", 1 << 10);
            ForestBuilder forest = new();
            forest.AddOwnTargets(forest.AddRoot([.. Enumerable.Range(1, 30)]));
            Tape tape = new(model.Device, arena, recording: true);
            IPlan plan = model.Device.Prepare(forest.Build(), arena);
            model.ZeroGradients();
            Tensor logProbs = ModelOutputs.LogProbs(model, tape, plan);
            tape.Seed(logProbs, [.. Enumerable.Repeat(1f, logProbs.Value.Rows)]);
            tape.Backward();
            model.CompleteGradients();
            return arena.PeakBytes;
        }
    }

    private static string[] Short(ModelConfig model, AdapterTargets? targets) => Names(model, new LoraConfig { Targets = targets });

    private static string[] Names(ModelConfig model, LoraConfig lora) =>
    [
        .. lora.LayersOf(model).Select((TensorSpec layer) => layer.Name.Split('.')[^2]).Distinct(),
    ];
}
