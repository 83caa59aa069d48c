using System.Diagnostics;
using System.Text.Json;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

/// <summary><c>goodhart study --executor local</c>.</summary>
public sealed class LocalStudyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Worker_processes_end_with_the_points_of_one_process()
    {
        string alone = folder.Path("alone");
        Assert.Equal(ExitCode.Done, (await Study(alone, "--threads", "1", "--quiet")).Code);

        string apart = folder.Path("apart");
        CommandRun run = await Study(apart, "--threads", "2", "--executor", "local");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("steps to run", run.Output, StringComparison.Ordinal);
        Assert.Contains(": KL ", run.Output, StringComparison.Ordinal);   // told by a worker, shown by the parent
        Assert.Equal(File.ReadAllText(Path.Combine(alone, "points.csv")), File.ReadAllText(Path.Combine(apart, "points.csv")));
        Assert.Equal(MicroStudy.Snapshot(alone), MicroStudy.Snapshot(apart));
        Assert.Empty(MicroStudy.Workers(apart));
    }

    [Fact]
    public async Task A_failing_step_costs_what_needs_it_and_nothing_else()
    {
        string directory = folder.Path("failing");
        string file = folder.Path("tasks.json");
        await Study(directory, "--threads", "1", "--export-tasks", file);
        string bad;
        using (JsonDocument list = JsonDocument.Parse(File.ReadAllText(file)))
        {
            bad = list.RootElement.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("id").GetString()!)
                .First(id => id.StartsWith("measure-checkpoint-", StringComparison.Ordinal));
        }

        // A file where the step's folder is to be: it cannot be stored.
        Directory.CreateDirectory(Path.Combine(directory, "steps"));
        File.WriteAllText(Path.Combine(directory, "steps", bad), "");
        CommandRun run = await Study(directory, "--threads", "2", "--executor", "local");
        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.StartsWith("1 step failed, and ", run.Error, StringComparison.Ordinal);
        Assert.Contains("skipped; the rest is done and kept", run.Error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("failures", bad + ".json"), run.Error, StringComparison.Ordinal);
        Assert.Contains("skipped: ", run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(directory, "points.csv")));

        File.Delete(Path.Combine(directory, "steps", bad));
        CommandRun again = await Study(directory, "--threads", "2", "--executor", "local");
        Assert.Equal((ExitCode.Done, ""), (again.Code, again.Error));
        Assert.Empty(Directory.GetFiles(Path.Combine(directory, "failures")));
        Assert.DoesNotContain(": was ", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_that_ask_the_judge_take_turns_and_pay_for_nothing_twice()
    {
        await using JudgeServer server = new(call =>
            JudgeAnswer.Reply(call, call.Verdict(call.First.Length % 2 == 0 ? "1" : "2")) with { Delay = TimeSpan.FromMilliseconds(20) });
        string[] judge = ["--set", $"judge={{kind: openai, model: m, url: '{server.BaseUrl.AbsoluteUri}', concurrency: 2}}", "--quiet"];
        string alone = folder.Path("alone");
        Assert.Equal(ExitCode.Done, (await Study(alone, ["--threads", "1", .. judge])).Code);
        int asked = server.Calls.Count;
        Assert.NotEqual(0, asked);

        string apart = folder.Path("apart");
        CommandRun run = await Study(apart, ["--threads", "2", "--executor", "local", .. judge]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal(2 * asked, server.Calls.Count);   // replies are a study's own
        Assert.Equal(File.ReadAllText(Path.Combine(alone, "points.csv")), File.ReadAllText(Path.Combine(apart, "points.csv")));
    }

    /// <summary>From a terminal Ctrl-C reaches the workers too.</summary>
    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Ctrl_C_stops_with_130_and_leaves_no_process(bool terminal)
    {
        string directory = folder.Path("stopped");
        using Process study = MicroStudy.Start(directory, ["--executor", "local", "--threads", "2", .. MicroStudy.Long]);
        int[] workers = await MicroStudy.SomeWorkers(directory);
        using (Process kill = Process.Start("kill", ["-INT", "--", terminal ? $"-{study.Id}" : $"{study.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        string error = await study.StandardError.ReadToEndAsync();
        await study.WaitForExitAsync();
        Assert.Equal(ExitCode.Interrupted, study.ExitCode);
        Assert.Contains("Run the same command again to resume.", error, StringComparison.Ordinal);
        Assert.True(await MicroStudy.End(workers), "workers outlive the study");
        Assert.DoesNotContain(Directory.GetDirectories(Path.Combine(directory, "steps")), step => step.Contains(".partial-"));
    }

    [Fact]
    public async Task Ctrl_C_twice_ends_all_at_once()
    {
        string directory = folder.Path("ended");
        using Process study = MicroStudy.Start(directory, ["--executor", "local", "--threads", "2", .. MicroStudy.Long]);
        int[] workers = await MicroStudy.SomeWorkers(directory);
        for (int press = 0; press < 2; press++)
        {
            using Process kill = Process.Start("kill", ["-INT", "--", $"-{study.Id}"]);
            await kill.WaitForExitAsync();
            await Task.Delay(20);
        }

        await study.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(ExitCode.Interrupted, study.ExitCode);   // 128 and SIGINT is the same number
        Assert.True(await MicroStudy.End(workers), "workers outlive the study");
    }

    [Theory]
    [InlineData("--executor: ", "--executor", "cloud")]
    [InlineData("--retries is for an --executor", "--retries", "3")]
    [InlineData("--memory is for --executor local", "--memory", "8")]
    [InlineData("leave out --plan, --workers, --executor", "--executor", "local", "--export-tasks", "tasks.json")]
    [InlineData("this is a setting of --executor local", "--set", "local.gpus=1")]
    [InlineData("no such setting of --executor local; it has no settings", "--executor", "local", "--set", "local.gpus=1")]
    [InlineData("expected local.key=value", "--executor", "local", "--set", "local.gpus")]
    [InlineData("for the largest step", "--executor", "local", "--memory", "0.3")]
    public async Task What_an_executor_cannot_take_is_code_2(string message, params string[] arguments)
    {
        CommandRun run = await Study(folder.Path("none"), [.. arguments]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("step", "--study", "x")]
    [InlineData("step", "sum-0", "--serve-stdin", "--study", "x")]
    [InlineData("step", "--serve-stdin", "--json", "--study", "x")]
    public async Task A_step_is_named_or_comes_from_the_parent(params string[] arguments) =>
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of(arguments)).Code);

    private static Task<CommandRun> Study(string directory, params string[] more) =>
        CommandRun.Of(["study", .. MicroStudy.Arguments, "--out", directory, .. more]);
}
