using System.Runtime.InteropServices;
using System.Text.Json;
using Goodhart.Text.Chat;
using Goodhart.Text.Tokenizers;
using Xunit;

namespace Goodhart.Text.Tests.Tokenizers;

/// <summary>Published tokenizers against the original implementation (Tokenizers.DotNet binds it), to the last id.</summary>
public sealed class PublishedTokenizerTests
{
    private const int TextsEach = 10_000;

    [PublishedTheory]
    [InlineData("llama2")]
    [InlineData("llama3")]
    [InlineData("qwen3")]
    [InlineData("gemma3")]
    [InlineData("deepseek_v3")]
    [InlineData("gpt4o")]
    [InlineData("gptoss")]
    public void Encodes_and_decodes_as_the_original(string name)
    {
        Compare(PublishedTokenizers.Folder(name)!, TextsEach);
    }

    /// <summary>Kinds of components that no fetched file has, in files that differ from a fetched one in them alone.</summary>
    [PublishedTheory]
    [MemberData(nameof(TokenizerVariants.Names), MemberType = typeof(TokenizerVariants))]
    public void Encodes_other_kinds_as_the_original(string variant)
    {
        using TemporaryFolder folder = new();
        TokenizerVariants.Write(variant, folder);
        Compare(folder.Path, TextsEach / 5);
    }

    private static void Compare(string folder, int count)
    {
        ITokenizer ours = TokenizerFile.Open(folder);
        using global::Tokenizers.DotNet.Tokenizer original = new(vocabPath: Path.Combine(folder, "tokenizer.json"));
        int[] atStart = [.. original.Encode("").Select(id => (int)id)];
        List<string> problems = [];
        foreach (string text in PublishedTokenizers.Texts(count, 7, Special(folder)))
        {
            uint[] expected = original.Encode(text);
            int[] ids = [.. expected.Skip(atStart.Length).Select(id => (int)id)];
            int[] found = ours.Encode(text);
            if (!ids.SequenceEqual(found))
            {
                problems.Add($"{JsonSerializer.Serialize(text)}: expected {string.Join(' ', ids)}, found {string.Join(' ', found)}");
            }

            // The binding leaves special tokens out.
            string decoded = original.Decode(expected[atStart.Length..]);
            if (decoded != ours.DecodeWithoutSpecial(ids))
            {
                problems.Add(
                    $"expected {JsonSerializer.Serialize(decoded)}, found {JsonSerializer.Serialize(ours.DecodeWithoutSpecial(ids))}");
            }

            Assert.Equal(ours.Decode(ids), PythiaConformanceTests.Streamed(ours, ids));
        }

        Assert.True(problems.Count == 0, $"{problems.Count} of {count}:\n{string.Join('\n', problems.Take(5))}");
    }

    /// <summary>Llama 2 puts a blank before every text; a response that follows its prompt has none of its own.</summary>
    [PublishedTheory]
    [InlineData("llama2")]
    public void A_text_that_goes_on_begins_no_new_word(string name)
    {
        ITokenizer tokenizer = TokenizerFile.Open(PublishedTokenizers.Folder(name)!);
        int[] prompt = tokenizer.Encode("[INST] Name a river. [/INST]");
        int[] answer = tokenizer.EncodeContinued(" The Oder.");
        Assert.Equal(tokenizer.Encode("[INST] Name a river. [/INST] The Oder."), (int[])[.. prompt, .. answer]);
        Assert.Equal(tokenizer.Encode("The Oder."), answer);
        Assert.NotEqual(tokenizer.Encode(" The Oder."), answer);
    }

    [PublishedTheory]
    [InlineData("qwen3")]
    [InlineData("gemma3")]
    [InlineData("deepseek_v3")]
    public void Their_own_templates_render(string name)
    {
        JsonElement messages = JsonSerializer.SerializeToElement(new[] { new { role = "user", content = "Name a river." } });
        string text = ChatTemplateFolder.Open(PublishedTokenizers.Folder(name)!).Find(hasTools: false)!.Parse()
            .Render(new ChatRequest(messages) { AddGenerationPrompt = true }, new DateTime(2026, 3, 5)).Text;
        Assert.Contains("Name a river.", text, StringComparison.Ordinal);
    }

    private static string[] Special(string folder)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "tokenizer.json")));
        return [.. json.RootElement.GetProperty("added_tokens").EnumerateArray().Select(
            token => token.GetProperty("content").GetString()!)];
    }
}

/// <summary>A theory that needs the published files, and says that it was skipped where they are not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublishedTheoryAttribute : TheoryAttribute
{
    public PublishedTheoryAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(PublishedTokenizers.Variable)))
        {
            Skip = $"{PublishedTokenizers.Variable} names no folder of published tokenizers; .ci/run sets it.";
        }
        else if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Skip = "the original implementation is bound on Linux x64 only.";
        }
    }
}
