using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class DataVerbTests : IDisposable
{
    private const string Pairs = """
        {"prompt":"one\n\nTL;DR:","chosen":"a b c","rejected":"a"}
        {"prompt":"two\n\nTL;DR:","chosen":"b","rejected":"b c"}
        {"prompt":"two\n\nTL;DR:","chosen":"b c","rejected":"b"}
        {"prompt":"three\n\nTL;DR:","verdict":"equal"}

        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Inspect_shows_what_is_wrong()
    {
        CommandRun run = await CommandRun.Of("data", "inspect", folder.Write("pairs", Pairs));
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        string head = "pairs: JSON lines; prompt, chosen, rejected as strings\n4 rows, 3 used\n1 skipped: no chosen";
        Assert.StartsWith(head, run.Output, StringComparison.Ordinal);
        Assert.Matches(@"contradictions +1 ", run.Output);
        Assert.Matches(@"longer is chosen +66\.7 % \(20\.8 to 93\.9\)", run.Output);
        Assert.Matches(@"prompts end with +'TL;DR:' 3", run.Output);
    }

    [Fact]
    public async Task Inspect_counts_what_a_budget_costs()
    {
        string world = folder.Path("world");
        string[] export = ["world", "export", "--out", world, "--pretrain", "0", "--sft", "20", "--pairs", "20"];
        Assert.Equal(ExitCode.Done, (await CommandRun.Of([.. export, "--held-out-pairs", "0", "--prompts", "0"])).Code);
        string pairs = Path.Combine(world, "preferences.jsonl");
        string sft = Path.Combine(world, "sft.jsonl");
        CommandRun run = await CommandRun.Of(
            ["data", "inspect", pairs, "--json", "--tokenizer", world, "--max-tokens", "12", "--max-prompt-tokens", "6", "--against", sft]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal("tokens", json.RootElement.GetProperty("unit").GetString());
        Assert.Equal(
            ["keepEnd", "keepStart", "newline", "drop", "paper", "paper-keepEnd"],
            json.RootElement.GetProperty("budgets").EnumerateArray().Select(budget => budget.GetProperty("policy").GetString()));
        Assert.Equal("sft.jsonl", json.RootElement.GetProperty("overlap").GetProperty("file").GetString());
    }

    [Fact]
    public async Task Split_writes_a_new_folder_or_nothing()
    {
        IEnumerable<string> rows = Enumerable.Range(0, 60).Select(i => Pairs.Replace("one", $"p{i}", StringComparison.Ordinal));
        string pairs = folder.Write("pairs", string.Concat(rows));
        string[] command = ["data", "split", pairs, "--out", folder.Path("out"), "--fractions", "train=0.7,test=0.3", "--seed", "5"];
        CommandRun run = await CommandRun.Of(command);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.True(File.Exists(folder.Path("out/split.json")));
        int lines = File.ReadAllLines(folder.Path("out/train.jsonl")).Length + File.ReadAllLines(folder.Path("out/test.jsonl")).Length;
        Assert.Equal(180, lines);
        Assert.Contains("60 rows in no split: no chosen and no rejected response", run.Output, StringComparison.Ordinal);

        string first = File.ReadAllText(folder.Path("out/train.jsonl"));
        run = await CommandRun.Of(command);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("is not an empty folder", run.Error, StringComparison.Ordinal);
        Directory.Delete(folder.Path("out"), recursive: true);
        await CommandRun.Of(command);
        Assert.Equal(first, File.ReadAllText(folder.Path("out/train.jsonl")));

        File.AppendAllText(pairs, "{");
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of("data", "split", pairs, "--out", folder.Path("other"))).Code);
        Assert.Equal(["out", "pairs"], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Convert_goes_there_and_back_and_replaces_only_when_told()
    {
        string pairs = folder.Write("pairs", Pairs);
        string packed = folder.Path("rows.json.gz");
        Assert.Equal(ExitCode.Done, (await CommandRun.Of("data", "convert", pairs, "--to", "json", "--out", packed)).Code);
        string back = folder.Path("back.jsonl");
        CommandRun run = await CommandRun.Of("data", "convert", packed, "--to", "jsonl", "--out", back, "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("\"rows\": 4", run.Output, StringComparison.Ordinal);
        Assert.Equal(Pairs, File.ReadAllText(back));

        run = await CommandRun.Of("data", "convert", pairs, "--to", "csv", "--out", back);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await CommandRun.Of("data", "convert", pairs, "--to", "csv", "--out", back, "--force")).Code);
        Assert.StartsWith("prompt,chosen,rejected,verdict\n\"one\n\nTL;DR:\",a b c,a,\n", File.ReadAllText(back), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no file no-such", "inspect", "no-such")]
    [InlineData("--tokenizer FOLDER", "inspect", "no-such", "--max-tokens", "512")]
    [InlineData("--max-tokens", "inspect", "no-such", "--max-prompt-tokens", "512")]
    [InlineData("expected role=column", "inspect", "no-such", "--columns", "question=q")]
    [InlineData("train=0.9,valid=0.1", "split", "no-such", "--out", "x", "--fractions", "a=2")]
    [InlineData("'parquet'", "convert", "no-such", "--out", "x", "--to", "parquet")]
    public async Task Bad_input_is_code_2(string message, params string[] args)
    {
        CommandRun run = await CommandRun.Of(["data", .. args]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
