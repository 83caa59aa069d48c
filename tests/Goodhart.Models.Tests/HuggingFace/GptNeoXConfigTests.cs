using System.Text.Json.Nodes;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.Tests.Safetensors;
using Xunit;

namespace Goodhart.Models.Tests.HuggingFace;

public sealed class GptNeoXConfigTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Reads_the_spelling_of_transformers_4() => Assert.Equal(
        new GptNeoXConfig
        {
            VocabSize = 77,
            HiddenSize = 40,
            Layers = 1,
            Heads = 5,
            IntermediateSize = 96,
            MaxPositions = 48,
            RotaryFraction = 0.5,
            RotaryBase = 5000,
            LayerNormEpsilon = 1e-6,
            Activation = Activation.GeluNew,
            ParallelResidual = false,
            TiedEmbeddings = true,
            AttentionBias = false,
            BosTokenId = 0,
            EosTokenId = 0,
        },
        ModelConfig.Read(GoldenFiles.PathOf("gptneox", "d-sequential-f16-odd", "policy", "config.json")));

    [Fact]
    public void Reads_the_spelling_of_transformers_5() => Assert.Equal(
        new GptNeoXConfig
        {
            VocabSize = 160,
            HiddenSize = 64,
            Layers = 2,
            Heads = 2,
            IntermediateSize = 256,
            MaxPositions = 64,
            RotaryFraction = 0.25,
            RotaryBase = 10000,
            EosTokenId = 0,
        },
        ModelConfig.Read(GoldenFiles.PathOf("gptneox", "c-parallel-bf16", "policy", "config.json")));

    [Fact]
    public void New_spelling_carries_its_own_values()
    {
        GptNeoXConfig config = Read(json =>
        {
            json.Remove("rotary_pct");
            json.Remove("rotary_emb_base");
            json["rope_parameters"] = new JsonObject { ["partial_rotary_factor"] = 0.5, ["rope_theta"] = 123.5, ["rope_type"] = "default" };
        });
        Assert.Equal(0.5, config.RotaryFraction);
        Assert.Equal(123.5, config.RotaryBase);
        Assert.Equal(8, config.RotaryDims);
    }

    [Fact]
    public void Keys_left_out_mean_the_defaults_of_the_class()
    {
        GptNeoXConfig config = Read(json =>
        {
            foreach (string key in (string[])["bos_token_id", "eos_token_id", "hidden_act", "layer_norm_eps", "rotary_pct",
                "rotary_emb_base", "tie_word_embeddings", "use_parallel_residual", "max_position_embeddings"])
            {
                json.Remove(key);
            }
        });
        Assert.Equal(
            new GptNeoXConfig { VocabSize = 128, HiddenSize = 64, Layers = 2, Heads = 4, IntermediateSize = 256, EosTokenId = 2 }, config);
    }

    [Fact]
    public void A_null_or_single_element_token_id_is_understood()
    {
        GptNeoXConfig config = Read(json =>
        {
            json["bos_token_id"] = null;
            json["eos_token_id"] = new JsonArray(5);
            json["pad_token_id"] = 1;
        });
        Assert.Equal((null, 5, 1), (config.BosTokenId, config.EosTokenId, config.PadTokenId));
    }

    [Theory]
    [InlineData("gelu_fast")]
    [InlineData("gelu_pytorch_tanh")]
    public void The_tanh_form_has_several_names(string name) =>
        Assert.Equal(Activation.GeluNew, Read(json => json["hidden_act"] = name).Activation);

    [Fact]
    public void Several_ends_and_a_padding_of_minus_one_are_understood()
    {
        GptNeoXConfig config = Read(json => (json["eos_token_id"], json["pad_token_id"]) = (new JsonArray(5, 7), -1));
        Assert.Equal((5, null), (config.EosTokenId, config.PadTokenId));
        Assert.Equal([7], config.FurtherEosTokenIds);
    }

    [Theory]
    [InlineData("model_type", "\"bert\"", "model_type: expected one of gpt_neox, llama, mistral, qwen2, qwen3, olmo2, found 'bert'")]
    [InlineData("model_type", "null", "model_type: expected one of gpt_neox, llama, mistral, qwen2, qwen3, olmo2, found none")]
    [InlineData("hidden_act", "\"relu\"", "hidden_act: expected gelu, gelu_new, gelu_fast or gelu_pytorch_tanh, found 'relu'")]
    [InlineData("hidden_act", "\"\\ud800\"", "hidden_act: expected Unicode text")]
    [InlineData("rope_scaling", """{"type":"linear","factor":2.0}""", "rope_scaling.type: expected 'default'")]
    [InlineData("rope_parameters", """{"rope_type":"yarn"}""", "rope_parameters.rope_type: expected 'default'")]
    [InlineData("rope_parameters", """{"\ud800":"yarn"}""", "JSON")]
    [InlineData("rope_parameters", "7", "rope_parameters: expected an object or null, found 7")]
    [InlineData("rope_parameters", """{"partial_rotary_factor":0.5}""", "rotary_pct: expected the value of partial_rotary_factor (0.5)")]
    [InlineData("rope_theta", "500", "rotary_emb_base: expected the value of rope_theta (500), its other spelling, found 10000")]
    [InlineData("hidden_size", "null", "hidden_size: expected a whole number, found none")]
    [InlineData("hidden_size", "64.5", "hidden_size: expected a whole number within 32 bits, found 64.5")]
    [InlineData("hidden_size", "1e12", "hidden_size: expected a whole number within 32 bits")]
    [InlineData("hidden_size", "1e999", "hidden_size: expected a finite number, found 1e999")]
    [InlineData("hidden_size", "\"64\"", "hidden_size: expected a finite number, found \"64\"")]
    [InlineData("hidden_size", "[64]", "hidden_size: expected a single value, found [64]")]
    [InlineData("hidden_size", "66", "hidden_size: expected a multiple of num_attention_heads (4), found 66")]
    [InlineData("num_hidden_layers", "0", "num_hidden_layers: expected a whole number > 0, found 0")]
    [InlineData("vocab_size", "-5", "vocab_size: expected a whole number > 0, found -5")]
    [InlineData("rotary_pct", "0.2", "an even number of rotating dimensions, at least 2, of the 16 per head, found 0.2, that is 3")]
    [InlineData("rotary_pct", "1.5", "rotary_pct: expected a share in (0, 1], found 1.5")]
    [InlineData("layer_norm_eps", "0", "layer_norm_eps: expected a finite number > 0, found 0")]
    [InlineData("rotary_emb_base", "-1", "rotary_emb_base: expected a finite number > 0, found -1")]
    [InlineData("use_parallel_residual", "1", "use_parallel_residual: expected true or false, found 1")]
    [InlineData("eos_token_id", "128", "eos_token_id: expected null or a token id below vocab_size (128), found 128")]
    [InlineData("bos_token_id", "[1,2]", "bos_token_id: expected one token id, found a list of 2")]
    public void Says_which_key_is_wrong(string key, string value, string fragment)
    {
        string path = scratch.PathOf("config.json");
        JsonObject json = Golden();
        json.Remove(key);
        string text = json.ToJsonString();
        File.WriteAllText(path, $"{text[..^1]},\"{key}\":{value}}}");
        string message = Assert.Throws<InvalidDataException>(() => ModelConfig.Read(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(fragment, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[1]", "expected a JSON object, found Array")]
    [InlineData("null", "expected a JSON object, found null")]
    [InlineData("{\"a\":1,\"a\":2}", "not valid JSON")]
    [InlineData("{\"\\ud800\":1}", "not valid JSON")]
    public void Refuses_what_is_not_an_object(string text, string fragment)
    {
        string path = scratch.PathOf("config.json");
        File.WriteAllText(path, text);
        string message = Assert.Throws<InvalidDataException>(() => ModelConfig.Read(path)).Message;
        Assert.Contains(fragment, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_config_says_so() => Assert.Contains(
        "config.json: expected this file in a Hugging Face model folder",
        Assert.Throws<FileNotFoundException>(() => ModelFolder.Open(scratch.PathOf(), told: null)).Message, StringComparison.Ordinal);

    private static JsonObject Golden() => JsonNode.Parse(
        File.ReadAllText(GoldenFiles.PathOf("gptneox", "a-parallel-f32", "policy", "config.json")))!.AsObject();

    private GptNeoXConfig Read(Action<JsonObject> change)
    {
        JsonObject json = Golden();
        change(json);
        File.WriteAllText(scratch.PathOf("config.json"), json.ToJsonString());
        return (GptNeoXConfig)ModelConfig.Read(scratch.PathOf("config.json"));
    }
}
