using System.Text.Json;
using Goodhart.Testing;
using Goodhart.Text.Tokenizers;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Worlds.Tests;

public sealed class WorldExportTests : IDisposable
{
    private static readonly WorldExportOptions Small = new()
    {
        Seed = 7,
        AlignmentSeed = 2,
        Pretraining = 3,
        Sft = 4,
        Preferences = 5,
        HeldOutPairs = 2,
        Prompts = 6,
    };

    private readonly string root = Directory.CreateTempSubdirectory("goodhart-export").FullName;

    private string Target => Path.Combine(root, "world");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Writes_every_set_and_counts_it()
    {
        IReadOnlyDictionary<string, int> counts = WorldExport.Write(Small, Target);

        Assert.Equal(5, counts.Count);
        Assert.All(counts, file => Assert.Equal(file.Value, File.ReadLines(Path.Combine(Target, file.Key)).Count()));
        Assert.Equal(
            [
                "heldout-preferences.jsonl", "preferences.jsonl", "pretrain.jsonl", "prompts.jsonl", "sft.jsonl",
                "tokenizer.json", "tokenizer_config.json",
            ],
            Directory.GetFiles(Target).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["world"], Directory.GetFileSystemEntries(root).Select(Path.GetFileName));
    }

    [Fact]
    public void The_text_encodes_to_the_rows_of_the_study()
    {
        WorldExport.Write(Small, Target);
        WorldData data = new(7);
        WordLevelTokenizer tokenizer = WordLevelTokenizer.Load(Target);

        JsonElement sft = Row("sft.jsonl", 3);
        AssertExample(data.Sft(4)[3], sft, "completion");
        AssertExample(data.Pretraining(3)[2], Row("pretrain.jsonl", 2), "completion");
        AssertExample(data.EvaluationPrompts(6)[5], Row("prompts.jsonl", 5), "reference");
        Assert.Equal(data.EvaluationPrompts(6)[5].Gold.Reward, Row("prompts.jsonl", 5).GetProperty("referenceGold").GetDouble());
        AssertPair(data.Preferences(2, 5)[4], Row("preferences.jsonl", 4));
        AssertPair(data.HeldOutPairs(2)[1], Row("heldout-preferences.jsonl", 1));

        void AssertExample(WorldExample expected, JsonElement row, string key)
        {
            Assert.Equal(expected.Post.Prompt, tokenizer.Encode(row.GetProperty("prompt").GetString()!));
            AssertResponse(expected.Response, row.GetProperty(key).GetString()!);
        }

        void AssertPair(WorldPair expected, JsonElement row)
        {
            Assert.Equal(expected.Post.Prompt, tokenizer.Encode(row.GetProperty("prompt").GetString()!));
            AssertResponse(expected.Chosen, row.GetProperty("chosen").GetString()!);
            AssertResponse(expected.Rejected, row.GetProperty("rejected").GetString()!);
            Assert.Equal(expected.ChosenGold.Reward, row.GetProperty("chosenGold").GetDouble());
            Assert.Equal(expected.RejectedGold.Reward, row.GetProperty("rejectedGold").GetDouble());
        }

        void AssertResponse(int[] expected, string text)
        {
            Assert.Matches("^ [^ ]", text);
            Assert.Equal<int>(expected, tokenizer.Encode(text).Append(tokenizer.EosId));
        }
    }

    [Fact]
    public void The_same_options_write_the_same_bytes()
    {
        WorldExport.Write(Small, Target);
        WorldExport.Write(Small, Target + "2");
        Every.Of(Directory.GetFiles(Target), file => Assert.Equal(
            File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(Target + "2", Path.GetFileName(file)))));
    }

    [Fact]
    public void A_set_of_no_rows_has_no_file()
    {
        Assert.DoesNotContain("pretrain.jsonl", WorldExport.Write(Small with { Pretraining = 0 }, Target).Keys);
        Assert.False(File.Exists(Path.Combine(Target, "pretrain.jsonl")));
    }

    [Fact]
    public void Never_writes_into_what_is_there()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "mine.txt"), "mine");

        string message = Assert.Throws<InvalidDataException>(() => WorldExport.Write(Small, Target)).Message;

        Assert.Contains(Target, message, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(Target, "mine.txt")], Directory.GetFiles(root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void An_empty_folder_and_the_remains_of_a_killed_export_are_no_obstacle()
    {
        Directory.CreateDirectory(Target);
        Directory.CreateDirectory(Target + ".partial");
        File.WriteAllText(Path.Combine(Target + ".partial", "sft.jsonl"), "{");

        Assert.Equal(4, WorldExport.Write(Small, Target)["sft.jsonl"]);
        Assert.Equal(["world"], Directory.GetFileSystemEntries(root).Select(Path.GetFileName));
    }

    [Fact]
    public void A_cancelled_export_leaves_nothing()
    {
        Assert.Throws<OperationCanceledException>(() => WorldExport.Write(Small, Target, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    private JsonElement Row(string file, int row)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadLines(Path.Combine(Target, file)).ElementAt(row));
        return json.RootElement.Clone();
    }
}
