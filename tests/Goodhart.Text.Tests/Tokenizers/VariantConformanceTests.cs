using System.Text.Json;
using Goodhart.Text.Tokenizers;
using Xunit;

namespace Goodhart.Text.Tests.Tokenizers;

/// <summary>Small files of other styles, with ids from the original implementation; tests/golden/tokenizer/make.mjs says what is in them.</summary>
public sealed class VariantConformanceTests
{
    [Theory]
    [InlineData("gpt2-style", "<|endoftext|>")]
    [InlineData("llama3-style", "<|end_of_text|>")]
    [InlineData("qwen2-style", "<|endoftext|>")]
    public void Encodes_and_decodes_every_case_as_the_original(string name, string eos)
    {
        using TemporaryFolder folder = new();
        folder.Write("tokenizer.json", GoldenTokenizers.Variant(name));
        folder.Write("tokenizer_config.json", $$"""{"eos_token": "{{eos}}"}""");
        ITokenizer tokenizer = TokenizerFile.Open(folder.Path);

        int cases = 0;
        foreach (JsonElement golden in GoldenTokenizers.Cases($"variants/{name}.cases.jsonl.gz"))
        {
            string text = golden.Text("text");
            int[] ids = tokenizer.Encode(text);
            Assert.True(
                golden.Ids().AsSpan().SequenceEqual(ids),
                $"{PythiaConformanceTests.Show(text)}: expected {string.Join(' ', golden.Ids())}, found {string.Join(' ', ids)}");
            Assert.Equal(golden.Text("decoded"), tokenizer.Decode(ids));
            Assert.Equal(golden.Text("skipped"), tokenizer.DecodeWithoutSpecial(ids));
            Assert.Equal(golden.Text("decoded"), PythiaConformanceTests.Streamed(tokenizer, ids));
            cases++;
        }

        Assert.Equal(863, cases);
    }
}
