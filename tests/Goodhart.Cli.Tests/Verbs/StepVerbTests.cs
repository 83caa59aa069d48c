using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class StepVerbTests : IDisposable
{
    private static readonly string[] Micro = [.. MicroStudy.Arguments, "--threads", "1"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Tasks_run_by_another_scheduler_end_as_the_study_does()
    {
        string alone = folder.Path("alone");
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(["study", .. Micro, "--out", alone, "--quiet"])).Code);

        string shared = folder.Path("shared");
        string file = folder.Path("tasks.json");
        CommandRun export = await CommandRun.Of(["study", .. Micro, "--out", shared, "--export-tasks", file]);
        Assert.Equal((ExitCode.Done, ""), (export.Code, export.Error));
        using JsonDocument list = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement[] tasks = [.. list.RootElement.GetProperty("tasks").EnumerateArray()];
        Assert.StartsWith($"{tasks.Length} tasks", export.Output, StringComparison.Ordinal);

        // The last one first: it waits. Then each after its needs, and all of them a second time.
        CommandRun early = await CommandRun.Of(Command(tasks[^1].GetProperty("command")));
        Assert.Equal((ExitCode.NotReady, ""), (early.Code, early.Output));
        Assert.Contains("is not ready", early.Error, StringComparison.Ordinal);
        HashSet<string> done = [];
        foreach (JsonElement task in tasks)
        {
            string id = task.GetProperty("id").GetString()!;
            Assert.All(task.GetProperty("needs").EnumerateArray(), need => Assert.Contains(need.GetString()!, done));
            CommandRun run = await CommandRun.Of([.. Command(task.GetProperty("command")), "--quiet"]);
            Assert.Equal((ExitCode.Done, $"{id}: stored\n", ""), (run.Code, run.Output, run.Error));
            done.Add(id);
        }

        CommandRun again = await CommandRun.Of([.. Command(tasks[0].GetProperty("command")), "--json"]);
        Assert.False(JsonDocument.Parse(again.Output).RootElement.GetProperty("ran").GetBoolean());

        CommandRun collected = await CommandRun.Of([.. Command(list.RootElement.GetProperty("collect")), "--quiet"]);
        Assert.Equal((ExitCode.Done, ""), (collected.Code, collected.Error));
        Assert.Equal(File.ReadAllText(Path.Combine(alone, "points.csv")), File.ReadAllText(Path.Combine(shared, "points.csv")));

        CommandRun nothing = await CommandRun.Of(["study", .. Micro, "--out", shared, "--export-tasks", file]);
        Assert.StartsWith("0 tasks", nothing.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_study_or_no_step_is_code_2()
    {
        CommandRun none = await CommandRun.Of("step", "sum-0", "--study", folder.Path("none"));
        Assert.Equal((ExitCode.BadInput, ""), (none.Code, none.Output));
        Assert.Contains("no study.json in", none.Error, StringComparison.Ordinal);

        string shared = folder.Path("shared");
        await CommandRun.Of(["study", .. Micro, "--out", shared, "--export-tasks", folder.Path("tasks.json")]);
        CommandRun unknown = await CommandRun.Of("step", "sum-0", "--study", shared);
        Assert.Equal(ExitCode.BadInput, unknown.Code);
        Assert.Contains("sum-0 is no step of this study", unknown.Error, StringComparison.Ordinal);

        string other = folder.Write("other.json", "{}");
        CommandRun taken = await CommandRun.Of(["study", .. Micro, "--out", folder.Path("third"), "--export-tasks", other]);
        Assert.Equal(ExitCode.BadInput, taken.Code);
        Assert.Contains("is no list of tasks", taken.Error, StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(other));
    }

    private static string[] Command(JsonElement command) => [.. command.EnumerateArray().Skip(1).Select(part => part.GetString()!)];
}
