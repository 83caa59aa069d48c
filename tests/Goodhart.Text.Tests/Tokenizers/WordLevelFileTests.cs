using System.Text.Json;
using Goodhart.Text.Tokenizers;
using Xunit;

namespace Goodhart.Text.Tests.Tokenizers;

public sealed class WordLevelFileTests : IDisposable
{
    private const string Good = """
        {"version": "1.0", "added_tokens": [{"id": 0, "content": "<eos>", "special": true}, {"id": 3, "content": "<extra>"}],
         "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "vocab": {"é": 2, "a": 1, "<eos>": 0}, "unk_token": "<unk>"}}
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-tokenizer").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Reads_what_it_writes()
    {
        WordLevelTokenizer written = new(["<pad>", "<eos>", "r/family", "TL;DR:", "é", "\"'<&"], "<eos>", "<pad>");
        written.Save(folder);

        WordLevelTokenizer read = WordLevelTokenizer.Load(folder);

        Assert.Equal(written.Vocabulary, read.Vocabulary);
        Assert.Equal((written.EosId, written.PadId), (read.EosId, read.PadId));
        Assert.Equal(
            ["tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_file_has_what_other_tools_require()
    {
        new WordLevelTokenizer(["<pad>", "<eos>", "a"], "<eos>", "<pad>").Save(folder);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "tokenizer.json")));
        JsonElement model = json.RootElement.GetProperty("model");

        Assert.Equal("WordLevel", model.GetProperty("type").GetString());
        Assert.Equal(2, model.GetProperty("vocab").GetProperty("a").GetInt32());
        Assert.Equal("<unk>", model.GetProperty("unk_token").GetString());
        Assert.Equal("WhitespaceSplit", json.RootElement.GetProperty("pre_tokenizer").GetProperty("type").GetString());
        Assert.Equal([0, 1], json.RootElement.GetProperty("added_tokens").EnumerateArray().Select(t => t.GetProperty("id").GetInt32()));
    }

    [Fact]
    public void Words_need_no_order_and_added_tokens_may_extend_them()
    {
        Write(Good, """{"eos_token": {"content": "<eos>"}, "pad_token": null}""");
        WordLevelTokenizer tokenizer = WordLevelTokenizer.Load(folder);

        Assert.Equal(["<eos>", "a", "é", "<extra>"], tokenizer.Vocabulary);
        Assert.Null(tokenizer.PadId);
    }

    [Theory]
    [InlineData("\"WordLevel\"", "\"BPE\"", "the model BPE, expected WordLevel")]
    [InlineData("WhitespaceSplit", "ByteLevel", "the pre_tokenizer ByteLevel, expected WhitespaceSplit")]
    [InlineData("\"normalizer\": null", "\"normalizer\": {\"type\": \"NFC\"}", "a normalizer")]
    [InlineData("\"post_processor\": null", "\"post_processor\": {\"type\": \"TemplateProcessing\"}", "a post_processor")]
    [InlineData("\"a\": 1", "\"a\": 7", "expected ids without gaps")]
    [InlineData("\"a\": 1", "\"a\": -1", "expected ids without gaps")]
    [InlineData("\"a\": 1", "\"a\": 2", "id 2 to both")]
    [InlineData("\"a\": 1", "\"a\": 1.5", "'a' no whole-number id")]
    [InlineData("\"a\": 1", "\"a\": 1, \"é\": 3", "id 3 to both")]
    [InlineData("{\"id\": 3, \"content\": \"<extra>\"}", "{\"content\": \"<extra>\"}", "'<extra>' no whole-number id")]
    [InlineData("\"a\": 1", "\"\\ud800\": 1", "not valid Unicode")]
    [InlineData("\"version\": \"1.0\"", "\"version\": ", "not valid JSON")]
    public void Refuses_by_name_what_it_cannot_honour(string from, string to, string expected)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        Write(Good.Replace(from, to, StringComparison.Ordinal), """{"eos_token": "<eos>"}""");
        AssertRefused(expected);
    }

    [Theory]
    [InlineData("{}", "no eos_token")]
    [InlineData("[]", "no eos_token")]
    [InlineData("{\"eos_token\": 3}", "a eos_token that is no text")]
    [InlineData("{\"eos_token\": \"</s>\"}", "'</s>' is not in it")]
    public void The_end_of_text_must_be_named(string config, string expected)
    {
        Write(Good, config);
        AssertRefused(expected);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"model\": 3}")]
    [InlineData("null")]
    public void Any_other_json_is_refused(string tokenizer)
    {
        Write(tokenizer, "{}");
        AssertRefused("expected WordLevel");
    }

    [Fact]
    public void A_missing_file_is_named() => AssertRefused("not found");

    private void AssertRefused(string expected)
    {
        string message = Assert.Throws<TokenizerException>(() => WordLevelTokenizer.Load(folder)).Message;
        Assert.StartsWith(folder, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private void Write(string tokenizer, string config)
    {
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), tokenizer);
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), config);
    }
}
