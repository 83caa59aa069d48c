using Goodhart.Models.GptNeoX;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Safetensors;
using Xunit;

namespace Goodhart.Models.Tests.HuggingFace;

public sealed class TensorNamesTests : IDisposable
{
    private static readonly GptNeoXConfig Config = new()
    {
        VocabSize = 11,
        HiddenSize = 8,
        Layers = 1,
        Heads = 2,
        IntermediateSize = 12,
        RotaryFraction = 0.5,
    };

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Lists_names_and_shapes_in_the_order_of_the_forward_pass() => Assert.Equal(
        [
            "gpt_neox.embed_in.weight [11, 8]",
            "gpt_neox.layers.0.input_layernorm.weight [8]",
            "gpt_neox.layers.0.input_layernorm.bias [8]",
            "gpt_neox.layers.0.post_attention_layernorm.weight [8]",
            "gpt_neox.layers.0.post_attention_layernorm.bias [8]",
            "gpt_neox.layers.0.attention.query_key_value.weight [24, 8]",
            "gpt_neox.layers.0.attention.query_key_value.bias [24]",
            "gpt_neox.layers.0.attention.dense.weight [8, 8]",
            "gpt_neox.layers.0.attention.dense.bias [8]",
            "gpt_neox.layers.0.mlp.dense_h_to_4h.weight [12, 8]",
            "gpt_neox.layers.0.mlp.dense_h_to_4h.bias [12]",
            "gpt_neox.layers.0.mlp.dense_4h_to_h.weight [8, 12]",
            "gpt_neox.layers.0.mlp.dense_4h_to_h.bias [8]",
            "gpt_neox.final_layer_norm.weight [8]",
            "gpt_neox.final_layer_norm.bias [8]",
            "embed_out.weight [11, 8]",
        ],
        Config.Tensors().Select(tensor => $"{tensor.Name} {tensor.Shape}"));

    [Fact]
    public void A_tied_head_and_absent_biases_have_no_tensors()
    {
        GptNeoXConfig config = Config with { TiedEmbeddings = true, AttentionBias = false };
        string[] names = [.. config.Tensors().Select(tensor => tensor.Name)];
        Assert.Equal(13, names.Length);
        Assert.DoesNotContain("embed_out.weight", names);
        Assert.DoesNotContain("gpt_neox.layers.0.attention.dense.bias", names);
        Assert.DoesNotContain("gpt_neox.layers.0.attention.query_key_value.bias", names);
    }

    [Theory]
    [InlineData("gpt_neox.layers.0.attention.bias", true)]
    [InlineData("gpt_neox.layers.31.attention.masked_bias", true)]
    [InlineData("gpt_neox.layers.5.attention.rotary_emb.inv_freq", true)]
    [InlineData("gpt_neox.layers.x.attention.bias", false)]
    [InlineData("gpt_neox.layers..attention.bias", false)]
    [InlineData("gpt_neox.layers.0.attention.dense.bias", false)]
    [InlineData("attention.bias", false)]
    public void Old_buffers_are_known_by_name(string name, bool legacy) => Assert.Equal(legacy, GptNeoXTensorNames.IsLegacyBuffer(name));

    [Fact]
    public void A_checkpoint_that_does_not_fit_says_all_that_is_wrong()
    {
        ModelFolder.Save(scratch.PathOf("model"), Config, (_, _) => { });
        List<TensorSpec> tensors = [.. Config.Tensors()];
        tensors.RemoveAll(tensor => tensor.Name == "embed_out.weight");
        tensors[0] = tensors[0] with { Shape = new TensorShape(8, 11) };
        tensors.Add(new TensorSpec("score.weight", new TensorShape(1, 8)));
        SafetensorsWriter.Write(scratch.PathOf("model", "model.safetensors"), tensors, (_, _) => { });
        string message = Refusal();
        Assert.Contains("1 missing: embed_out.weight [11, 8].", message, StringComparison.Ordinal);
        Assert.Contains(
            "gpt_neox.embed_in.weight (expected [11, 8], found [8, 11] in model.safetensors)", message, StringComparison.Ordinal);
        Assert.Contains("1 unexpected: score.weight [1, 8] in model.safetensors.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_are_no_weights()
    {
        ModelFolder.Save(scratch.PathOf("model"), Config, (_, _) => { });
        string path = scratch.PathOf("model", "model.safetensors");
        string text = File.ReadAllText(path, System.Text.Encoding.Latin1);
        File.WriteAllText(path, new System.Text.RegularExpressions.Regex("F32").Replace(text, "I32", 1), System.Text.Encoding.Latin1);
        Assert.Contains(
            "gpt_neox.embed_in.weight (expected F16, BF16, F32 or F64, found I32 in model.safetensors)",
            Refusal(),
            StringComparison.Ordinal);
    }

    private string Refusal() =>
        Assert.Throws<InvalidDataException>(() => ModelFolder.Open(scratch.PathOf("model"), told: null).Dispose()).Message;
}
