using Goodhart.Text.Tokenizers;
using Xunit;

namespace Goodhart.Text.Tests.Tokenizers;

public sealed class ByteLevelFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("\"normalizer\":null", "\"normalizer\":{\"type\":\"Lowercase\"}", "normalizer: the normalizer Lowercase is not supported")]
    [InlineData("\"type\":\"BPE\"", "\"type\":\"Unigram\"", "model: a Unigram tokenizer is not supported")]
    [InlineData("\"type\":\"BPE\"", "\"type\":7", "model.type: expected text, found 7")]
    [InlineData("\"type\":\"Split\"", "\"type\":\"BertPreTokenizer\"", "the pre-tokenizer BertPreTokenizer is not supported")]
    [InlineData("\\\\p{N}{1,3}", "\\\\p{Nope}{1,4}", "pre_tokenizer.pretokenizers[0].pattern.Regex: the expression (?i:'s")]
    [InlineData("\"behavior\":\"Isolated\"", "\"behavior\":\"MergedWithNext\"", "the behavior MergedWithNext")]
    [InlineData("\"add_prefix_space\":false", "\"add_prefix_space\":true", "ByteLevel behind other steps with a prefix")]
    [InlineData("\"decoder\":{\"type\":\"ByteLevel\"", "\"decoder\":{\"type\":\"Metaspace\"", "the decoder Metaspace")]
    [InlineData("\"TemplateProcessing\"", "\"BertProcessing\"", "the post-processor BertProcessing")]
    [InlineData("\"single\":[", "\"single\":[{\"SpecialToken\":{\"id\":\"x\"}},", "a template of 3 pieces")]
    [InlineData("\"ids\":[768]", "\"ids\":[768,769]", "a special token of several ids")]
    [InlineData("\"byte_fallback\":false", "\"byte_fallback\":true", "model.byte_fallback: a byte-level model with byte_fallback")]
    [InlineData("\"dropout\":null", "\"dropout\":0.1", "model with dropout")]
    [InlineData("\"end_of_word_suffix\":null", "\"end_of_word_suffix\":\"</w>\"", "model with end_of_word_suffix")]
    [InlineData("[\"Ġ\",\"Ġ\"]", "[\"Ġ\",\"tzt\"]", "model.merges[0]: 'tzt' is not in model.vocab")]
    [InlineData("[\"Ġ\",\"Ġ\"]", "[\"Ġ\"]", "model.merges[0]: expected two tokens")]
    [InlineData("[\"Ġ\",\"Ġ\"]", "\"Ġ t t\"", "model.merges[0]: expected two tokens")]
    [InlineData("\"Ā\":0", "\"Āx\":0", "byte 0x00 ('Ā') has no token")]
    [InlineData("\"Ā\":0", "\"Ā\":1", "id 1 belongs to both")]
    [InlineData("\"Ā\":0", "\"Ā\":-1", "model.vocab['Ā']: expected a whole number from 0, found -1")]
    [InlineData("\"Ā\":0", "\"Ā\":2000000000", "id 2000000000 found, expected at most")]
    [InlineData("\"Ā\":0", "\"Ā\":0,\"Ā\":3", "'Ā' with two ids")]
    [InlineData("\"Ā\":0", "\"\\ud800\":0", "not valid Unicode")]
    [InlineData("\"id\":768,", "\"id\":3,", "id 3 belongs to both")]
    [InlineData("\"id\":768,", "", "added_tokens[0].id: expected a whole number from 0, found nothing")]
    [InlineData("\"content\":\"<|begin_of_text|>\"", "\"content\":\"Hello\"", "'Hello' has the id 768 here and another one")]
    [InlineData("\"version\":\"1.0\"", "\"version\":", "not valid JSON")]
    public void Refuses_by_name_what_it_cannot_honour(string from, string to, string expected)
    {
        string good = GoldenTokenizers.Variant("llama3-style");
        Assert.Contains(from, good, StringComparison.Ordinal);
        int at = good.IndexOf(from, StringComparison.Ordinal);
        Write(good[..at] + to + good[(at + from.Length)..], """{"eos_token": "<|end_of_text|>"}""");
        AssertRefused(expected);
    }

    [Theory]
    [InlineData("{}", "no eos_token")]
    [InlineData("{\"eos_token\": \"</s>\"}", "eos_token: '</s>' is not in the vocabulary")]
    [InlineData("{\"eos_token\": \"<|end_of_text|>\", \"pad_token\": \"[PAD]\"}", "pad_token: '[PAD]' is not in the vocabulary")]
    [InlineData("{\"eos_token\": 1}", "a eos_token that is no text")]
    [InlineData("{", "tokenizer_config.json: not valid JSON")]
    public void The_special_tokens_must_exist(string config, string expected)
    {
        Write(GoldenTokenizers.Variant("llama3-style"), config);
        AssertRefused(expected);
    }

    [Fact]
    public void A_template_is_recorded_and_never_applied()
    {
        Write(GoldenTokenizers.Variant("llama3-style"), """{"eos_token": "<|end_of_text|>", "bos_token": "Hello"}""");
        ITokenizer tokenizer = TokenizerFile.Open(folder["tokenizer.json"]);
        Assert.Equal(768, tokenizer.BosId);
        Assert.Empty(tokenizer.Encode(""));
        Assert.DoesNotContain(768, tokenizer.Encode("Hello"));
    }

    [Fact]
    public void The_start_token_may_come_from_the_configuration()
    {
        string config = """{"eos_token": "<|endoftext|>", "bos_token": "<|endoftext|>", "add_bos_token": FLAG}""";
        Write(GoldenTokenizers.Variant("gpt2-style"), config.Replace("FLAG", "true", StringComparison.Ordinal));
        ITokenizer tokenizer = TokenizerFile.Open(folder.Path);
        Assert.Equal(tokenizer.EosId, tokenizer.BosId);

        Write(GoldenTokenizers.Variant("gpt2-style"), config.Replace("FLAG", "false", StringComparison.Ordinal));
        Assert.Null(TokenizerFile.Open(folder.Path).BosId);
    }

    [Fact]
    public void Tokens_that_only_the_configuration_lists_count()
    {
        Write(
            GoldenTokenizers.Variant("llama3-style"),
            """{"eos_token": "<|eot|>", "added_tokens_decoder": {"770": {"content": "<|eot|>", "special": true, "normalized": false}}}""");
        ITokenizer tokenizer = TokenizerFile.Open(folder.Path);
        Assert.Equal((770, 771), (tokenizer.EosId, tokenizer.VocabularySize));
        Assert.Equal(770, tokenizer.Encode("a<|eot|>")[^1]);
    }

    [Theory]
    [InlineData("special_tokens_map.json", """{"eos_token": {"content": "<|end_of_text|>"}}""")]
    [InlineData("generation_config.json", """{"eos_token_id": [769, 768]}""")]
    [InlineData("config.json", """{"eos_token_id": 769}""")]
    public void The_end_of_text_is_looked_for_in_every_place_and_survives_saving(string file, string content)
    {
        Write(GoldenTokenizers.Variant("llama3-style"), """{"model_max_length": 5}""");
        folder.Write(file, content);
        ITokenizer tokenizer = TokenizerFile.Open(folder.Path);
        Assert.Equal(769, tokenizer.EosId);

        using TemporaryFolder saved = new();
        tokenizer.Save(saved.Path);
        Assert.Equal(769, TokenizerFile.Open(saved.Path).EosId);
        Assert.Contains("\"model_max_length\": 5", File.ReadAllText(saved["tokenizer_config.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_carries_the_files_along_unchanged()
    {
        string odd = GoldenTokenizers.Variant("gpt2-style")
            .Replace("\"version\"", "  \"unknown\": 1,\r\n \"version\"", StringComparison.Ordinal);
        Write(odd, """{"eos_token":   "<|endoftext|>", "chat_template": "{{x}}"}""");
        folder.Write("merges.txt", "#version: 0.2\n");
        folder.Write("model.safetensors", "");
        ITokenizer tokenizer = TokenizerFile.Open(folder.Path);
        using TemporaryFolder saved = new();

        tokenizer.Save(saved.Path);

        string[] expected = ["merges.txt", "tokenizer.json", "tokenizer_config.json"];
        Assert.Equal(expected, Directory.GetFiles(saved.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(expected, name => Assert.Equal(File.ReadAllBytes(folder[name]), File.ReadAllBytes(saved[name])));
    }

    [Fact]
    public void One_door_for_both_kinds()
    {
        new WordLevelTokenizer(["<eos>", "a"], "<eos>", null).Save(folder.Path);
        ITokenizer tokenizer = TokenizerFile.Open(folder.Path);
        Assert.IsType<WordLevelTokenizer>(tokenizer);
        Assert.Equal("a <eos>", PythiaConformanceTests.Streamed(tokenizer, [1, 0]));
        Assert.Equal("a", tokenizer.DecodeWithoutSpecial([1, 0]));
        string message = Assert.Throws<TokenizerException>(() => TokenizerFile.Open(folder["none"])).Message;
        Assert.Contains("not found", message, StringComparison.Ordinal);
    }

    private void Write(string tokenizer, string config)
    {
        folder.Write("tokenizer.json", tokenizer);
        folder.Write("tokenizer_config.json", config);
    }

    private void AssertRefused(string expected)
    {
        string message = Assert.Throws<TokenizerException>(() => TokenizerFile.Open(folder.Path)).Message;
        Assert.StartsWith(folder.Path, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }
}
