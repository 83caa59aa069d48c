using System.CommandLine;
using Goodhart.Cli.Tests.Parsing;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

/// <summary>A place that cannot be written to is the user's to change: code 2, the place in words, and what is there stays.</summary>
public sealed class OutputPlaceTests : IDisposable
{
    private static readonly string[] Commands =
    [
        "study --preset smoke",
        "init --tokenizer $m --hidden-size 16 --layers 1 --heads 2",
        "sft $m $d/sft.jsonl --batch-size 1 --max-tokens 64",
        "align $m $d/pairs.jsonl --batch-size 1 --max-tokens 64",
        "reward $m --data $d/pairs.jsonl --batch-size 1 --max-tokens 64",
        "ppo $m --reward $d/reward --prompts $d/pairs.jsonl --checkpoints 1 --collections 1 --prompts-per-collection 1 --max-new-tokens 2",
        "evaluate $m --reference $m --prompts $d/pairs.jsonl --max-new-tokens 2",
        "losses dpo",
        "average $m $m",
        "merge $d/adapter/model",
        "fit $d/points.csv",
        "forecast $d/points.csv",
        "alarm",
        "world export",
        "data split $d/pairs.jsonl --fractions a=0.5,b=0.5",
        "data convert $d/pairs.jsonl --to csv",
        "data filter $d/pairs.jsonl --remedy filter-reference --reference $m",
        "rank $d/pairs.jsonl",
        "softq $m $m --prompts $d/pairs.jsonl --beta 0.1 --data $d/pairs.jsonl --max-new-tokens 2",
        "sample $m --prompts $d/pairs.jsonl --max-new-tokens 2",
        "score $m --data $d/rows.jsonl",
        "kl $m $m --prompts $d/pairs.jsonl --max-new-tokens 2",
        "winrate $d/rows.jsonl $d/rows.jsonl --judge gold",
        "tokenize $m --file $d/rows.jsonl",
        "tree",
    ];

    private readonly TemporaryFolder folder = new();

    public OutputPlaceTests()
    {
        SmallModels.World(folder, "model");
        folder.Write(
            "pairs.jsonl",
            string.Concat(Enumerable.Range(1, 12).Select(
                i => $"{{\"prompt\":\"{string.Join(' ', Enumerable.Repeat("my", i))}\",\"chosen\":\" my\",\"rejected\":\" sister\"}}\n")));
        folder.Write("sft.jsonl", "{\"prompt\":\"my sister\",\"completion\":\" my\"}\n");
        folder.Write("rows.jsonl", "{\"prompt\":\"my sister\",\"response\":\" my\",\"text\":\"my\"}\n");
        folder.Write(
            "points.csv",
            "kl,winRate,loss,beta,model,seed,step\n0,0.5,,,m,0,0\n1,0.6,dpo,0.1,m,0,1\n2,0.7,dpo,0.1,m,0,2\n4,0.65,dpo,0.1,m,0,3\n"
            + "9,0.5,dpo,0.1,m,0,4\n");
        folder.Write("file", "a file");
        Directory.CreateDirectory(folder.Path("full"));
        File.WriteAllText(folder.Path("full/mine.txt"), "mine");
    }

    public static TheoryData<string> Writing => [.. Commands];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_verb_that_writes_is_here() => Assert.Equal(
        CommandTree.Options.Where(entry => entry.Option.Name == "--out").Select(entry => string.Join(' ', entry.Verb))
            .Order(StringComparer.Ordinal),
        Commands.Select(VerbOf).Order(StringComparer.Ordinal));

    private static string VerbOf(string command) =>
        CommandTree.Verbs.Where(verb => command.StartsWith(verb + " ", StringComparison.Ordinal) || command == verb)
            .MaxBy(verb => verb.Length)!;

    [Theory]
    [MemberData(nameof(Writing))]
    public async Task A_place_that_is_taken_or_none_is_code_2(string command)
    {
        string? first = VerbOf(command) switch
        {
            "ppo" => "reward $m --data $d/pairs.jsonl --batch-size 1 --max-tokens 64 --quiet --out $d/reward",
            "merge" => "sft $m $d/sft.jsonl --batch-size 1 --max-tokens 64 --quiet --lora r=2 --out $d/adapter",
            _ => null,
        };
        if (first is not null)
        {
            await Run(first, ExitCode.Done);
        }

        // A drawing of a loss goes beside what a folder holds.
        string[] places = command.StartsWith("losses", StringComparison.Ordinal) ? ["file", "file/below"] : ["full", "file", "file/below"];
        foreach (string place in places)
        {
            CommandRun run = await Run($"{command} --out {folder.Path(place)}", ExitCode.BadInput);
            Assert.Contains(folder.Path(place), run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("mistake of the program", run.Error, StringComparison.Ordinal);
        }

        Assert.Contains("--out: expected", (await Run($"{command} --out ", ExitCode.BadInput)).Error, StringComparison.Ordinal);
        Assert.Equal("a file", File.ReadAllText(folder.Path("file")));
        Assert.Equal(["mine.txt"], Directory.GetFileSystemEntries(folder.Path("full")).Select(Path.GetFileName));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(folder.Root), entry => entry.Contains(".partial", StringComparison.Ordinal));
    }

    private async Task<CommandRun> Run(string command, int code)
    {
        CommandRun run = await CommandRun.Of([.. command.Split(' ').Select(word => word
            .Replace("$m", folder.Path("model"), StringComparison.Ordinal).Replace("$d", folder.Root, StringComparison.Ordinal))]);
        Assert.True(run.Code == code, $"{command}: {run}");
        return run;
    }
}
