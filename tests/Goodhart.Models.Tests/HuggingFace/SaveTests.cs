using System.Text.Json.Nodes;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Safetensors;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Models.Tests.HuggingFace;

public sealed class SaveTests : IDisposable
{
    private static readonly GptNeoXConfig Config = new()
    {
        VocabSize = 11,
        HiddenSize = 8,
        Layers = 1,
        Heads = 2,
        IntermediateSize = 12,
        RotaryFraction = 0.5,
        EosTokenId = 3,
        PadTokenId = 4,
    };

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(StorageType.F32, "float32")]
    [InlineData(StorageType.BF16, "bfloat16")]
    [InlineData(StorageType.F16, "float16")]
    public void Writes_a_config_that_transformers_4_and_5_read(StorageType type, string torchName)
    {
        ModelFolder.Save(Target, Config, Fill, new SaveOptions { Type = type });
        JsonObject json = ReadJson("config.json");
        Assert.Equal("GPTNeoXForCausalLM", (string?)json["architectures"]![0]);
        Assert.Equal("gpt_neox", (string?)json["model_type"]);
        Assert.Equal(torchName, (string?)json["torch_dtype"]);
        Assert.Equal(0.5, (double)json["rotary_pct"]!);
        Assert.Equal(10000, (int)json["rotary_emb_base"]!);
        Assert.False(json.ContainsKey("rope_parameters"));
        Assert.Equal(Config, ModelConfig.Read(Path.Combine(Target, "config.json")));
        JsonObject generation = ReadJson("generation_config.json");
        Assert.Equal((0, 3, 4), ((int)generation["bos_token_id"]!, (int)generation["eos_token_id"]!, (int)generation["pad_token_id"]!));
    }

    [Fact]
    public void Carries_tokenizer_files_generation_config_and_further_keys()
    {
        string source = scratch.PathOf("source");
        Directory.CreateDirectory(source);
        string[] carried =
        [
            "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "merges.txt", "generation_config.json",
            "chat_template.json", "additional_chat_templates/tool_use.jinja",
        ];
        Directory.CreateDirectory(Path.Combine(source, "additional_chat_templates"));
        Array.ForEach(carried, name => File.WriteAllText(Path.Combine(source, name), $"{{\"from\":\"{name}\"}}"));
        File.WriteAllText(Path.Combine(source, "training_args.bin"), "not ours");
        File.WriteAllText(
            Path.Combine(source, "config.json"),
            """
            {"my_note":{"a":[1]},"use_cache":false,"vocab_size":5,"dtype":"bfloat16","rope_parameters":{"rope_theta":7},
             "transformers_version":"5.0.0"}
            """);

        ModelFolder.Save(Target, Config, Fill, new SaveOptions { CarryFrom = source });

        Assert.All(carried, name => Assert.Equal(
            File.ReadAllBytes(Path.Combine(source, name)), File.ReadAllBytes(Path.Combine(Target, name))));
        Assert.Equal(
            [.. carried.Concat(["config.json", "model.safetensors"]).Order(StringComparer.Ordinal)],
            Directory.GetFiles(Target, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Target, file))
                .Order(StringComparer.Ordinal));
        JsonObject json = ReadJson("config.json");
        Assert.Equal("""{"a":[1]}""", json["my_note"]!.ToJsonString());
        Assert.False((bool)json["use_cache"]!);
        Assert.DoesNotContain(json, pair => pair.Key is "dtype" or "rope_parameters" or "transformers_version");
        Assert.Equal(Config, ModelConfig.Read(Path.Combine(Target, "config.json")));
    }

    [Fact]
    public void A_failed_save_leaves_nothing_behind()
    {
        int tensors = 0;
        Assert.Throws<InvalidOperationException>(() => ModelFolder.Save(
            Target, Config, (_, _) => _ = ++tensors < 3 ? 0 : throw new InvalidOperationException("device lost")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch.PathOf()));
    }

    [Fact]
    public void Nothing_stands_in_place_until_all_is_written()
    {
        ModelFolder.Save(Target, Config, (_, _) => Assert.False(Directory.Exists(Target)));
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(scratch.PathOf()));
    }

    [Fact]
    public void A_folder_in_use_is_left_alone()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "mine.txt"), "precious");
        string message = Assert.Throws<InvalidDataException>(() => ModelFolder.Save(Target, Config, Fill)).Message;
        Assert.Contains("expected a new or empty folder to save a model into, found mine.txt in it", message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => ModelFolder.SaveInto(Target, Config, Fill));
        Assert.Throws<InvalidDataException>(() => ModelFolder.Save(Path.Combine(Target, "mine.txt"), Config, Fill));
        Assert.Equal("precious", File.ReadAllText(Path.Combine(Target, "mine.txt")));
    }

    [Fact]
    public void An_empty_folder_is_filled()
    {
        Directory.CreateDirectory(Target);
        ModelFolder.Save(Target, Config, Fill);
        ModelFolder.Open(Target, told: null).Dispose();
        string other = Directory.CreateDirectory(scratch.PathOf("other")).FullName;
        ModelFolder.SaveInto(other, Config, Fill);
        ModelFolder.Open(other, told: null).Dispose();
    }

    [Fact]
    public void The_same_weights_give_the_same_bytes()
    {
        ModelFolder.Save(scratch.PathOf("1"), Config, Fill);
        ModelFolder.Save(scratch.PathOf("2"), Config, Fill);
        Every.Of(Directory.GetFiles(scratch.PathOf("1")), file => Assert.Equal(
            File.ReadAllBytes(file), File.ReadAllBytes(scratch.PathOf("2", Path.GetFileName(file)))));
    }

    [Fact]
    public void A_configuration_no_model_can_have_is_not_written()
    {
        string message = Assert.Throws<InvalidDataException>(() => ModelFolder.Save(Target, Config with { Heads = 3 }, Fill)).Message;
        Assert.Contains("hidden_size: expected a multiple of num_attention_heads (3), found 8", message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch.PathOf()));
    }

    [Fact]
    public void A_missing_source_is_named() => Assert.Contains(
        "nowhere: expected a folder to carry tokenizer files from",
        Assert.Throws<DirectoryNotFoundException>(
            () => ModelFolder.Save(Target, Config, Fill, new SaveOptions { CarryFrom = scratch.PathOf("nowhere") })).Message,
        StringComparison.Ordinal);

    private string Target => scratch.PathOf("model");

    private static void Fill(string name, Span<float> destination) => destination.Fill(name.Length);

    private JsonObject ReadJson(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Target, name)))!.AsObject();
}
