using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class StudyVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_unknown_key_is_code_2_with_its_place()
    {
        CommandRun run = await CommandRun.Of("study", folder.Write("s.yaml", "name: x\nworlds: tldr\n"));
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("s.yaml:2:1: unknown key 'worlds'. Did you mean 'world'?", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no study file no-such.yaml", "study", "no-such.yaml")]
    [InlineData(
        "--preset fast: expected one of alarms, default, pythia-tldr-clean, pythia-tldr-paper, quick, quick-llama, remedies, rlhf-vs-daa, smoke.", "study",
        "--preset", "fast")]
    [InlineData("--set seeds=[-1]: seeds[0]: expected a whole number >= 0, found -1.", "study", "--preset", "smoke", "--set", "seeds=[-1]")]
    [InlineData("give a study file or --preset, not both.", "study", "a.yaml", "--preset", "smoke")]
    [InlineData("--workers: expected a whole number >= 1, found 0.", "study", "--workers", "0")]
    [InlineData("--threads: expected a whole number from 1 to 4096, found 0.", "study", "--threads", "0")]
    public async Task Bad_input_is_code_2(string message, params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_counts_steps_and_writes_nothing()
    {
        CommandRun run = await CommandRun.Of("study", "--preset", "smoke", "--plan", "--json", "--out", folder.Path("s"));
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Dictionary<string, int> steps = json.RootElement.GetProperty("rows").EnumerateArray()
            .ToDictionary(row => row.GetProperty("kind").GetString()!, row => row.GetProperty("toRun").GetInt32());

        // 3 losses × 2 β × 2 checkpoints, and the SFT model.
        Assert.Equal((12, 13), (steps["preference-segment"], steps["measure-checkpoint"]));
        Assert.True(json.RootElement.GetProperty("seconds").GetDouble() > 0);
        Assert.False(Directory.Exists(folder.Path("s")));
    }

    [Fact]
    public async Task A_plan_for_people_names_the_steps()
    {
        CommandRun run = await CommandRun.Of("study", "--preset", "quick", "--plan", "--out", folder.Path("s"));
        Assert.Matches(@"describe-checkpoint +71 +0", run.Output);
        Assert.Contains("nothing was run", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_something_else_is_refused()
    {
        string mine = folder.Write("mine.txt", "mine");
        CommandRun run = await CommandRun.Of("study", "--preset", "smoke", "--quiet", "--out", folder.Root);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("mine.txt", run.Error, StringComparison.Ordinal);
        Assert.Equal([mine], Directory.GetFileSystemEntries(folder.Root));
    }
}
