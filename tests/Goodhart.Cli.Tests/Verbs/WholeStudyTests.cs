using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

/// <summary>The smoke study, cut down to one run, from the command line to the report.</summary>
public sealed class WholeStudyTests : IDisposable
{
    private static readonly string[] Study =
    [
        "study", "--preset", "smoke", "--set", "pretrain.examples=64", "--set", "sft.examples=32", "--set", "align.losses=[dpo]",
        "--set", "align.betas=[0.1]", "--set", "align.pairs=64", "--set", "evaluate.prompts=4", "--set", "evaluate.heldOutPairs=4", "--out",
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Runs_resumes_and_draws_again()
    {
        string target = folder.Path("study");
        CommandRun first = await CommandRun.Of([.. Study, target]);
        Assert.Equal((ExitCode.Done, ""), (first.Code, first.Error));
        Assert.Matches(@"(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ \[\d+/\d+\] evaluate S dpo β=0\.1 100 %, .*KL \d", first.Output);
        Assert.EndsWith("report.html\n", first.Output, StringComparison.Ordinal);

        byte[] results = await File.ReadAllBytesAsync(Path.Combine(target, "points.csv"));
        CommandRun second = await CommandRun.Of([.. Study, target, "--quiet", "--json"]);
        using JsonDocument json = JsonDocument.Parse(second.Output);
        Assert.Equal(3, json.RootElement.GetProperty("points").GetInt32());
        Assert.Equal(results, await File.ReadAllBytesAsync(Path.Combine(target, "points.csv")));

        string page = Path.Combine(target, "report.html");
        File.Delete(page);
        CommandRun redrawn = await CommandRun.Of("report", target);
        Assert.Equal((ExitCode.Done, Path.GetFullPath(page) + "\n"), (redrawn.Code, redrawn.Output));
        Assert.True(File.Exists(page));

        CommandRun plan = await CommandRun.Of([.. Study, target, "--plan"]);
        Assert.Contains("everything is stored", plan.Output, StringComparison.Ordinal);
        CommandRun fit = await CommandRun.Of("fit", Path.Combine(target, "points.csv"), "--law", "gao");
        Assert.NotEqual(ExitCode.Failed, fit.Code);
    }

    [Fact]
    public async Task An_interrupted_study_says_how_to_go_on()
    {
        CommandRun run = await CommandRun.Of(new CancellationToken(canceled: true), [.. Study, folder.Path("study"), "--quiet"]);
        Assert.Equal((ExitCode.Interrupted, ""), (run.Code, run.Output));
        Assert.Contains("Run the same command again to resume", run.Error, StringComparison.Ordinal);
    }
}
