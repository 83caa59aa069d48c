using System.Text.Json.Nodes;
using Goodhart.Engine.Conformance.Folders;
using Goodhart.Models.Llama;
using Goodhart.Models.Tests.Conformance;
using Goodhart.Models.Tests.Safetensors;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Models.Tests.Llama;

public sealed class LlamaConfigTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public static TheoryData<string> Folders => [.. CheckpointConformance.Llama];

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Reads_groups_scaling_and_several_ends()
    {
        LlamaConfig config = Read("llama-gqa-f32", _ => { });
        Assert.Equal((6, 2, 16, 48), (config.Heads, config.KeyValueHeads, config.HeadSize, config.HiddenSize));
        Assert.Equal(new Engine.RotaryScaling(8, 1, 4, 64), config.Scaling);
        Assert.Equal((500000, 2), (config.RotaryBase, config.EosTokenId));
        Assert.Equal([4], config.FurtherEosTokenIds);
        Assert.Equal(50000, Read("llama-tied-bf16", _ => { }).RotaryBase);
        Assert.Equal((5, 5), (Read("mistral-sliding-f32", _ => { }).WindowOf(0), Read("mistral-sliding-f32", _ => { }).WindowOf(2)));
        Assert.Equal(0, Read("qwen2-bf16", _ => { }).Window);
    }

    /// <summary>
    /// What is written says the same, in the old spelling, and every folder's tensors are those that its configuration asks for.
    /// </summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void What_is_saved_reads_the_same(string folder)
    {
        using ModelFolder original = ModelFolder.Open(Golden.Path("decoders", folder, "policy"), told: null);
        ModelFolder.Save(scratch.PathOf("copy"), original.Config, original.ReadInto, new SaveOptions { CarryFrom = original.Path });
        using ModelFolder copy = ModelFolder.Open(scratch.PathOf("copy"), told: null);
        Assert.Equivalent(original.Config, copy.Config, strict: true);
        Assert.Equal(original.Config.Shape.Parameters, copy.Tensors.Sum(tensor => tensor.Shape.Elements));
        JsonNode json = JsonNode.Parse(File.ReadAllText(scratch.PathOf("copy", "config.json")))!;
        Assert.Null(json["rope_parameters"]);
        Assert.NotNull(json["rope_theta"]);
        Assert.NotNull(json["head_dim"]);
    }

    [Fact]
    public void Defaults_are_those_of_the_family()
    {
        LlamaConfig qwen = Read(
            "qwen2-bf16", json => Remove(json, "num_key_value_heads", "rms_norm_eps", "rope_theta", "sliding_window"), heads: 32);
        Assert.Equal((32, 1e-6, 10000), (qwen.KeyValueHeads, qwen.NormEpsilon, qwen.RotaryBase));
        LlamaConfig mistral = Read("mistral-sliding-f32", json => Remove(json, "sliding_window"));
        Assert.Equal(4096, mistral.WindowOf(0));
        Assert.Equal(0, Read("mistral-sliding-f32", json => json["sliding_window"] = null).WindowOf(0));
        Assert.Equal(128, Read("qwen3-f32", json => Remove(json, "head_dim")).HeadSize);
        Assert.Equal(1e-5, Read("olmo2-f32", json => Remove(json, "rms_norm_eps")).NormEpsilon);
        Assert.Equal(4, Read("qwen3-f32", json => json["num_key_value_heads"] = null).KeyValueHeads);
        Assert.Null(Read("olmo2-f32", json => json["pad_token_id"] = -1).PadTokenId);
    }

    [Fact]
    public void Qwen_slides_where_its_flag_or_its_layers_say_so()
    {
        LlamaConfig flagged = Read("qwen2-bf16", json => json["use_sliding_window"] = true);
        Assert.Equal((0, 4), (flagged.WindowOf(0), flagged.WindowOf(1)));
        LlamaConfig byLayer = Read("qwen2-bf16", json => json["layer_types"] = new JsonArray("sliding_attention", "sliding_attention"));
        Assert.Equal((4, 4), (byLayer.WindowOf(0), byLayer.WindowOf(1)));
        LlamaConfig full = Read(
            "qwen2-bf16", json => (json["use_sliding_window"], json["layer_types"]) = (
                true, new JsonArray("full_attention", "full_attention")));
        Assert.Equal(0, full.Window);
    }

    [Theory]
    [InlineData("hidden_act", "\"gelu\"", "hidden_act: expected silu, found 'gelu'")]
    [InlineData("rope_scaling", """{"rope_type":"yarn","factor":4.0}""", "rope_scaling.rope_type: expected 'default' or 'llama3'")]
    [InlineData("rope_scaling", """{"type":"linear","factor":2.0}""", "found 'linear'")]
    [InlineData("rope_scaling", """{"rope_type":"llama3","factor":8.0}""", "rope_scaling.low_freq_factor: expected a number")]
    [InlineData("rope_scaling", """{"factor":8.0}""", "rope_scaling.rope_type: expected 'llama3' beside a scaling's numbers")]
    [InlineData("rope_parameters", """{"rope_theta":123}""", "rope_theta: expected the value of rope_theta (123), its other spelling, "
        + "found 500000")]
    [InlineData("num_key_value_heads", "4", "num_key_value_heads: expected a divisor of num_attention_heads (6), found 4")]
    [InlineData("head_dim", "15", "head_dim: expected an even number")]
    [InlineData("eos_token_id", "[2,200]", "eos_token_id: expected null or a token id below vocab_size (128), found 200")]
    [InlineData("layer_types", """["sliding_attention","full_attention"]""", "layer_types: expected 2 times full_attention")]
    [InlineData("quantization_config", """{"bits":4}""", "quantization_config: expected none")]
    [InlineData("partial_rotary_factor", "0.5", "partial_rotary_factor: expected 1")]
    [InlineData("rms_norm_eps", "0", "rms_norm_eps: expected a finite number > 0")]
    public void Says_which_key_is_wrong(string key, string value, string fragment)
    {
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(
            () => Read("llama-gqa-f32", json => json[key] = JsonNode.Parse(value)));
        Assert.Contains(fragment, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Biases_that_a_family_does_not_have_are_refused() => Assert.Contains(
        "attention_bias: expected false or none: mistral has no such biases",
        Assert.Throws<InvalidDataException>(() => Read("mistral-sliding-f32", json => json["attention_bias"] = true)).Message,
        StringComparison.Ordinal);

    private static void Remove(JsonObject json, params string[] keys) => Array.ForEach(keys, key => json.Remove(key));

    private LlamaConfig Read(string folder, Action<JsonObject> change, int? heads = null)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(Golden.Path("decoders", folder, "policy", "config.json")))!.AsObject();
        if (heads is not null)
        {
            (json["num_attention_heads"], json["hidden_size"]) = (heads, 2 * heads);
        }

        change(json);
        File.WriteAllText(scratch.PathOf("config.json"), json.ToJsonString());
        return (LlamaConfig)ModelConfig.Read(scratch.PathOf("config.json"));
    }
}
