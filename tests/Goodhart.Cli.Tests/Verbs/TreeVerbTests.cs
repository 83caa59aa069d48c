using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class TreeVerbTests : IDisposable
{
    private static readonly string[] Quick =
        ["tree", "--steps", "5", "--seeds", "2", "--beta", "0.1,0.5", "--hidden", "6", "--sft-steps", "20", "--no-sensitivity", "--quiet"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Writes_a_report_and_prints_a_table()
    {
        CommandRun run = await CommandRun.Of([.. Quick, "--out", folder.Path("tree")]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Matches(@"tabular +slic +0\.5", run.Output);
        Assert.Contains("tree-ood-grows/rnn/dpo", run.Output, StringComparison.Ordinal);
        Assert.All(
            new[] { "report.html", "results.json", "trajectories.csv", "figures/figure6.svg", "figures/figure7.csv" },
            file => Assert.True(File.Exists(folder.Path("tree/" + file)), file));
    }

    [Fact]
    public async Task Json_is_the_results_file_and_threads_change_nothing()
    {
        CommandRun one = await CommandRun.Of([.. Quick, "--out", folder.Path("a"), "--threads", "1", "--json"]);
        CommandRun two = await CommandRun.Of([.. Quick, "--out", folder.Path("b"), "--threads", "2", "--json"]);
        Assert.Equal(one.Output, two.Output);
        Assert.Equal(File.ReadAllText(folder.Path("a/trajectories.csv")), File.ReadAllText(folder.Path("b/trajectories.csv")));
        using JsonDocument json = JsonDocument.Parse(one.Output);
        Assert.Equal(2 * 3 * 2 * 2, json.RootElement.GetProperty("runs").GetArrayLength());
        Assert.Equal(5, json.RootElement.GetProperty("settings").GetProperty("steps").GetInt32());
        Assert.Equal("inconclusive", json.RootElement.GetProperty("claims").EnumerateArray().Last().GetProperty("verdict").GetString());
        Assert.Equal(one.Output, File.ReadAllText(folder.Path("a/results.json")));
    }

    [Theory]
    [InlineData("--policy", "lstm", "expected one of rnn, tabular, found 'lstm'")]
    [InlineData("--loss", "kto-please", "unknown loss 'kto-please'")]
    [InlineData("--beta", "0.1,x", "--beta: expected numbers with commas between, each a number > 0; found x in '0.1,x'.")]
    [InlineData("--seeds", "0", "--seeds")]
    [InlineData("--depth", "9", "at most 2187 trajectories")]
    [InlineData("--preferences", "1000", "--preferences: expected 1 to 351")]
    [InlineData("--learning-rate", "-1", "--learning-rate: expected a number > 0, found -1.")]
    public async Task Bad_input_is_named_and_nothing_is_written(string option, string value, string message)
    {
        CommandRun run = await CommandRun.Of("tree", option, value, "--out", folder.Path("bad"));
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Path("bad")));
    }

    [Fact]
    public async Task A_folder_with_something_else_is_left_alone()
    {
        Directory.CreateDirectory(folder.Path("mine"));
        folder.Write("mine/notes.txt", "mine");
        CommandRun run = await CommandRun.Of([.. Quick, "--out", folder.Path("mine")]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Equal(["notes.txt"], Directory.GetFiles(folder.Path("mine")).Select(Path.GetFileName));
    }
}
