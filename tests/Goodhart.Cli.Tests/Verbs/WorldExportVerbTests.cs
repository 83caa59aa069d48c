using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class WorldExportVerbTests : IDisposable
{
    private static readonly string[] Small = ["--sft", "3", "--pairs", "4", "--held-out-pairs", "2", "--prompts", "5"];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Writes_the_rows_asked_for()
    {
        CommandRun run = await CommandRun.Of(["world", "export", "--out", folder.Path("w"), .. Small]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal(3, File.ReadLines(folder.Path("w/sft.jsonl")).Count());
        Assert.Equal(5, File.ReadLines(folder.Path("w/prompts.jsonl")).Count());
        Assert.Contains("4 rows", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seeds_change_what_they_should()
    {
        foreach ((string name, string[] seeds)
            in new (string, string[])[] { ("a", []), ("b", ["--seed", "1"]), ("c", ["--alignment-seed", "1"]) })
        {
            Assert.Equal(ExitCode.Done, (await CommandRun.Of(["world", "export", "--out", folder.Path(name), .. Small, .. seeds])).Code);
        }

        Assert.NotEqual(File.ReadAllText(folder.Path("a/sft.jsonl")), File.ReadAllText(folder.Path("b/sft.jsonl")));
        Assert.Equal(File.ReadAllText(folder.Path("a/sft.jsonl")), File.ReadAllText(folder.Path("c/sft.jsonl")));
        Assert.NotEqual(File.ReadAllText(folder.Path("a/preferences.jsonl")), File.ReadAllText(folder.Path("c/preferences.jsonl")));
    }

    [Theory]
    [InlineData("--label-noise", "1")]
    [InlineData("--length-bias", "50")]
    public async Task Another_labeller_changes_pairs_alone(string option, string value)
    {
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(["world", "export", "--out", folder.Path("a"), .. Small])).Code);
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(["world", "export", "--out", folder.Path("b"), .. Small, option, value])).Code);
        Assert.Equal(File.ReadAllText(folder.Path("a/sft.jsonl")), File.ReadAllText(folder.Path("b/sft.jsonl")));
        Assert.NotEqual(File.ReadAllText(folder.Path("a/preferences.jsonl")), File.ReadAllText(folder.Path("b/preferences.jsonl")));
    }

    [Fact]
    public async Task Json_is_all_that_is_printed()
    {
        CommandRun run = await CommandRun.Of(["world", "export", "--json", "--out", folder.Path("w"), .. Small]);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(4, json.RootElement.GetProperty("rows").GetProperty("preferences.jsonl").GetInt32());
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_left_alone()
    {
        folder.Write("mine.txt", "mine");
        CommandRun run = await CommandRun.Of(["world", "export", "--out", folder.Root, .. Small]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("not an empty folder", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal([folder.Path("mine.txt")], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public async Task Interrupted_is_130()
    {
        CommandRun run = await CommandRun.Of(
            new CancellationToken(canceled: true), ["world", "export", "--out", folder.Path("w"), .. Small]);
        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Contains("same command again", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }
}
