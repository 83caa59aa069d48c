using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Goodhart.Engine.Cpu;
using Goodhart.Models;
using Goodhart.Models.Llama;
using Xunit;

namespace Goodhart.Cli.Tests.Documents;

/// <summary>Runs the commands of docs/guides/your-own-model.md, in its order, on a few dozen pairs and with a narrower model.</summary>
public sealed partial class OwnModelGuideTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_command_of_the_guide_does_what_it_says()
    {
        Prepare();
        string guide = await File.ReadAllTextAsync(Repository.PathOf("docs/guides/your-own-model.md"));
        foreach (Match file in NamedFile().Matches(guide))
        {
            folder.Write(
                file.Groups["name"].Value, Smaller(file.Groups["text"].Value).Replace(
                    "splits/", $"{folder.Root}/splits/", StringComparison.Ordinal));
        }

        string[] commands =
        [
            .. Command().Matches(guide).Select(match => match.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal)),
        ];
        Assert.Superset(
            new HashSet<string>(["init", "data", "sft", "align", "evaluate", "sample", "score", "kl", "tokenize", "verify"]),
            commands.Select(command => command.Split(' ')[0]).ToHashSet());
        foreach (string command in commands)
        {
            CommandRun run = await CommandRun.Of(Arguments(command));
            Assert.True(run.Code == ExitCode.Done, $"{command}: {run.Error}");
        }

        // What the text below the commands speaks of.
        Assert.All(
            ["dpo", "ipo", "slic"], loss => Assert.Equal(1 + 1 + 4, File.ReadLines(folder.Path($"curves/{loss}/evaluation.csv")).Count()));
        Assert.Equal(
            (
                await File.ReadAllLinesAsync(
                    folder.Path("responses.jsonl"))).Length, (await File.ReadAllLinesAsync(folder.Path("scored.jsonl"))).Length);
        Assert.All(["dpo", "ipo", "slic"], loss => Assert.True(File.Exists(folder.Path($"{loss}/model/tokenizer.json"))));
        JsonNode record = JsonNode.Parse(await File.ReadAllTextAsync(folder.Path("chat-dpo/run.json")))!;
        Assert.NotNull(record["data"]!["chatTemplate"]);
        Assert.Equal(16, (int)record["adapter"]!["rank"]!);
        Assert.True(File.Exists(folder.Path("chat-merged/model.safetensors")));
    }

    /// <summary>What the guide takes as given: a file of pairs, and a tokenizer.</summary>
    private void Prepare()
    {
        File.Copy(Repository.PathOf("tests/golden/data/dove-tldr/tldr_pairs_for_the_guide.jsonl.gz"), folder.Path("pairs.jsonl.gz"));
        Directory.CreateDirectory(folder.Path("tokenizer"));
        using GZipStream packed = new(
            File.OpenRead(Repository.PathOf("tests/golden/tokenizer/pythia/tokenizer.json.gz")), CompressionMode.Decompress);
        using FileStream file = File.Create(folder.Path("tokenizer/tokenizer.json"));
        packed.CopyTo(file);
        File.Copy(Repository.PathOf("tests/golden/tokenizer/pythia/tokenizer_config.json"), folder.Path("tokenizer/tokenizer_config.json"));
        file.Close();
        PrepareChat();
    }

    /// <summary>A model of the Qwen2.5 shape with a chat template, and pairs of conversations.</summary>
    private void PrepareChat()
    {
        LlamaConfig config = new()
        {
            Family = LlamaFamily.Qwen2,
            VocabSize = 50304,
            HiddenSize = 16,
            Layers = 2,
            Heads = 4,
            SharedHeads = 2,
            HeadDim = 4,
            IntermediateSize = 48,
            MaxPositions = 640,
            TiedEmbeddings = true,
            EosTokenId = 0,
        };
        using CpuDevice device = new(1);
        using LanguageModel model = config.Create(device, training: false);
        WeightInitializer.Initialize(model, seed: 0);
        ModelFolder.Save(model, folder.Path("qwen"), new SaveOptions { CarryFrom = folder.Path("tokenizer") });
        File.Copy(Repository.PathOf("tests/golden/chat/templates/chatml.jinja"), folder.Path("qwen/chat_template.jinja"));
        folder.Write("chat.jsonl", string.Concat(Enumerable.Range(0, 32).Select(i =>
            $"{{\"prompt\":[{Turn("user", FormattableString.Invariant($"Which is {i}?"))}],\"chosen\":[{Turn("assistant", "This one.")}],"
            + $"\"rejected\":[{Turn("assistant", "That one.")}]}}\n")));

        static string Turn(string role, string text) => $"{{\"role\":\"{role}\",\"content\":\"{text}\"}}";
    }

    /// <summary>Relative paths are in the test's folder: an argument whose first part is a name that the guide uses as a path.</summary>
    private string[] Arguments(string command)
    {
        string[] words = Smaller(command).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Select((word, i) => i > 0 && words[i - 1] != "--loss" && OfTheGuide().IsMatch(word) ? folder.Path(word) : word)];
    }

    /// <summary>The same in a fraction of the time.</summary>
    private static string Smaller(string text) => Smaller(
        text, ("--hidden-size 64", "--hidden-size 16"), ("--epochs 8", "--epochs 1"), ("epochs: 4", "epochs: 2"), (
            "--max-new-tokens 64", "--max-new-tokens 12"));

    private static string Smaller(string text, params ReadOnlySpan<(string Guide, string Test)> changes)
    {
        foreach ((string guide, string test) in changes)
        {
            text = text.Replace(guide, test, StringComparison.Ordinal);
        }

        return text;
    }

    [GeneratedRegex(@"^\$ goodhart ((?:[^\\\n]|\\\n)+)$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("^`(?<name>[a-z]+\\.yaml)`:\n\n```yaml\n(?<text>.*?)```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex NamedFile();

    [GeneratedRegex(
        @"^(tiny|tokenizer|splits|sft|dpo|ipo|slic|curves|qwen|chat-[a-z]+|chat\.jsonl|pairs\.jsonl\.gz|responses\.jsonl|scored\.jsonl|[a-z]+\.yaml)(/|$)")]
    private static partial Regex OfTheGuide();
}
