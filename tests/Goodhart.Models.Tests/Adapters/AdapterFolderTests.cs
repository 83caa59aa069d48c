using System.Text.Json.Nodes;
using Goodhart.Engine;
using Goodhart.Engine.Conformance.Folders;
using Goodhart.Engine.Cpu;
using Goodhart.Models.Adapters;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Safetensors;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Models.Tests.Adapters;

/// <summary>Folders as PEFT writes them: what is read, what is refused by name, and what is written.</summary>
public sealed class AdapterFolderTests : IDisposable
{
    private static readonly string Golden = Goodhart.Testing.Golden.Path("decoders", "lora", "llama-gqa-f32", "adapter");
    private static readonly string Base = Goodhart.Testing.Golden.Path("decoders", "llama-gqa-f32", "policy");

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("use_dora", "true")]
    [InlineData("use_qalora", "true")]
    [InlineData("lora_bias", "true")]
    [InlineData("fan_in_fan_out", "true")]
    [InlineData("bias", "\"all\"")]
    [InlineData("rank_pattern", "{\"q_proj\": 8}")]
    [InlineData("alpha_pattern", "{\"q_proj\": 8}")]
    [InlineData("layers_to_transform", "[0]")]
    [InlineData("layer_replication", "[[0, 1]]")]
    [InlineData("target_parameters", "[\"experts\"]")]
    [InlineData("trainable_token_indices", "[1, 2]")]
    [InlineData("modules_to_save", "[\"lm_head\"]")]
    [InlineData("init_lora_weights", "\"pissa\"")]
    [InlineData("peft_type", "\"IA3\"")]
    [InlineData("task_type", "\"SEQ_2_SEQ_LM\"")]
    [InlineData("r", "0")]
    [InlineData("target_modules", "\"(\"")]
    [InlineData("target_modules", "[\"lm_head\"]")]
    [InlineData("base_model_name_or_path", "\"\"")]
    [InlineData("base_model_name_or_path", "\".\"")]
    [InlineData("base_model_name_or_path", "null")]
    [InlineData("alora_invocation_tokens", "[1, 2]")]
    [InlineData("arrow_config", "{\"top_k\": 2}")]
    [InlineData("use_newer", "true")]
    public void What_computes_something_else_is_refused_by_its_key(string key, string value)
    {
        InvalidDataException refused = Assert.Throws<InvalidDataException>(
            () => ModelFolder.Open(Copy(config => config[key] = JsonNode.Parse(value)), told: null));
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dropout_is_told_and_keys_of_a_newer_PEFT_that_are_empty_are_not()
    {
        List<string> notes = [];
        string path = Copy(config => (config["lora_dropout"], config["use_newer"], config["arrow_config"]) = (0.05, false, null));
        ModelFolder.Open(path, notes.Add).Dispose();
        Assert.Contains("lora_dropout is 0.05", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Adapters_that_name_each_other_are_refused()
    {
        string second = scratch.PathOf("second");
        string first = Copy(config => config["base_model_name_or_path"] = second);
        Directory.Move(Copy(config => config["base_model_name_or_path"] = first), second);
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => ModelFolder.Open(first, told: null));
        Assert.Contains($"found the adapter {second}", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Its tokenizer may name the end of text nowhere else.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_ends_of_generation_go_with_an_adapter(bool isInSource)
    {
        using CpuDevice device = new(1);
        string source = Directory.CreateDirectory(scratch.PathOf("source")).FullName;
        if (isInSource)
        {
            File.WriteAllText(Path.Combine(source, "generation_config.json"), "{\"eos_token_id\": 77}");
        }

        using LanguageModel model = ModelFolder.Load(device, Golden, training: false);
        string path = scratch.PathOf("written");
        ModelFolder.Save(model, path, new SaveOptions { CarryFrom = source });
        string ends = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "generation_config.json")))!["eos_token_id"]!.ToJsonString();
        Assert.Equal(isInSource ? "77" : $"[{string.Join(',', EndTokens.Of(Base))}]", ends);
    }

    [Fact]
    public void A_missing_and_a_left_over_tensor_are_named()
    {
        InvalidDataException refused = Assert.Throws<InvalidDataException>(
            () => ModelFolder.Open(Copy(config => config["target_modules"] = new JsonArray("q_proj")), told: null));
        Assert.Contains("24 unexpected", refused.Message, StringComparison.Ordinal);
        Assert.Contains("do not fit adapter_config.json", refused.Message, StringComparison.Ordinal);
        refused = Assert.Throws<InvalidDataException>(() => ModelFolder.Open(Copy(config => config["r"] = 8), told: null));
        Assert.Contains("not of the expected shape", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("model.safetensors.index.json")]
    public void A_folder_is_a_model_or_an_adapter(string weights)
    {
        string both = Copy(_ => { });
        File.Copy(Path.Combine(Base, "model.safetensors"), Path.Combine(both, weights));
        Assert.Contains(
            $"expected a model or an adapter, found {weights}",
            Assert.Throws<InvalidDataException>(() => ModelFolder.Open(both, told: null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_stands_on_a_model_that_is_there()
    {
        string onAdapter = Copy(config => config["base_model_name_or_path"] = Golden);
        Assert.Contains(
            "found the adapter", Assert.Throws<InvalidDataException>(() => ModelFolder.Open(onAdapter, told: null)).Message,
            StringComparison.Ordinal);

        string gone = Copy(config => config["base_model_name_or_path"] = "owner/model");
        Assert.Contains(
            "goodhart pull owner/model",
            Assert.Throws<DirectoryNotFoundException>(() => ModelFolder.Open(gone, told: null)).Message,
            StringComparison.Ordinal);

        string pinned = Copy(config => (config["base_model_name_or_path"], config["revision"]) = ("owner/model", "v1.0"));
        Assert.EndsWith(
            "goodhart pull owner/model@v1.0",
            Assert.Throws<DirectoryNotFoundException>(() => ModelFolder.Open(pinned, told: null)).Message,
            StringComparison.Ordinal);
        using ModelFolder told = ModelFolder.Open(gone, told: null, Base);
        Assert.Equal(Base, told.Base!.Path);
    }

    [Fact]
    public void What_is_written_is_read_back_with_the_same_bits()
    {
        using CpuDevice device = new(1);
        using LanguageModel model = ModelFolder.Load(device, Golden, training: true);
        string path = scratch.PathOf("written");
        ModelFolder.Save(model, path);
        using LanguageModel back = ModelFolder.Load(device, path, training: false);
        Assert.Equal(model.Weights.Adapter!.Config, back.Weights.Adapter!.Config);
        int[] ids = [3, 14, 15, 92, 65];
        Assert.Equal(SmallForward.Logits(device, model, ids), SmallForward.Logits(device, back, ids));

        using SafetensorsReader ours = SafetensorsReader.Open(Path.Combine(path, "adapter_model.safetensors"));
        using SafetensorsReader peft = SafetensorsReader.Open(Path.Combine(Golden, "adapter_model.safetensors"));
        Assert.Equal(
            peft.Tensors.Select(tensor => (tensor.Name, tensor.Shape.ToString())).Order(),
            ours.Tensors.Select(tensor => (tensor.Name, tensor.Shape.ToString())).Order());
    }

    /// <summary>A reward model's head is trained whole and stands beside its adapter.</summary>
    [Fact]
    public void A_score_under_an_adapter_has_its_own_head()
    {
        using CpuDevice device = new(1);
        string path = scratch.PathOf("reward");
        float[] scored;
        using (ModelFolder folder = ModelFolder.Open(Base, told: null))
        using (LanguageModel reward = folder.LoadAdapted(device, new LoraConfig { Rank = 2 }, seed: 3, OutputHead.Score))
        {
            Assert.Same(reward.Weights.Adapter!.Head, reward.Unembedding);
            Assert.False(reward.Parameters.Contains("lm_head.weight"));
            ModelFolder.Save(reward, path);
            scored = device.ReadF32(reward.Unembedding.Value);
        }

        using ModelFolder opened = ModelFolder.Open(path, told: null);
        Assert.Equal(OutputHead.Score, opened.Config.Head);
        using LanguageModel back = opened.Load(device, training: false, OutputHead.Score);
        Assert.Equal(scored, device.ReadF32(back.Unembedding.Value));
        Assert.Contains(opened.Tensors, tensor => tensor.Name == "score.weight");
        float[] head = new float[scored.Length];
        opened.ReadInto("score.weight", head);
        Assert.Equal(scored, head);
    }

    [Fact]
    public void The_ends_of_a_response_are_those_of_both_files_and_of_an_adapters_base()
    {
        Assert.Equal(EndTokens.Of(Base), EndTokens.Of(Golden));
        Assert.Equal(2, EndTokens.Of(Base).Count);
        Assert.Empty(EndTokens.Of(scratch.PathOf()));
        Assert.Equal([5, 6], EndTokens.Before([5, 6, 2, 7, 1], [1, 2]).ToArray());
        Assert.Equal([5, 6], EndTokens.Before([5, 6], [1, 2]).ToArray());
    }

    private string Copy(Action<JsonObject> change)
    {
        string path = scratch.PathOf(Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(path);
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(Golden, "adapter_config.json")))!.AsObject();
        config["base_model_name_or_path"] = Base;
        change(config);
        File.WriteAllText(Path.Combine(path, "adapter_config.json"), config.ToJsonString());
        File.Copy(Path.Combine(Golden, "adapter_model.safetensors"), Path.Combine(path, "adapter_model.safetensors"));
        return path;
    }
}
