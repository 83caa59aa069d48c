using System.Diagnostics;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

/// <summary>The program in a process of its own, killed while it samples.</summary>
public sealed class KilledSampleTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_same_command_goes_on_and_a_second_one_beside_it_is_refused()
    {
        string[] command = Command("killed.jsonl");
        string lines;
        using (Process child = Start(command))
        {
            while ((lines = Lines()) == "" || new FileInfo(lines).Length == 0)
            {
                Assert.False(child.HasExited, "the child ended before it was killed");
                await Task.Delay(5);
            }

            CommandRun second = await CommandRun.Of(command);
            Assert.Equal(ExitCode.BadInput, second.Code);
            Assert.Contains("is in use by another run", second.Error, StringComparison.Ordinal);
            child.Kill();   // SIGKILL: no handler runs
            await child.WaitForExitAsync();
        }

        Assert.False(File.Exists(folder.Path("killed.jsonl")));
        File.AppendAllText(lines, "{\"row\":tor");
        CommandRun resumed = await CommandRun.Of(command);
        Assert.Equal(ExitCode.Done, resumed.Code);
        Assert.DoesNotContain("(0 from before)", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(Command("whole.jsonl"))).Code);
        Assert.Equal(File.ReadAllBytes(folder.Path("whole.jsonl")), File.ReadAllBytes(folder.Path("killed.jsonl")));
    }

    private string[] Command(string target) =>
    [
        "sample", SmallModels.Policy, "--prompts", SmallModels.Prompts(folder, 1000), "--samples", "2", "--max-new-tokens", "40",
        "--threads", "1", "--quiet",
        "--out", folder.Path(target),
    ];

    private string Lines() => Directory.Exists(folder.Path("killed.jsonl.run/steps"))
        ? Directory.EnumerateFiles(folder.Path("killed.jsonl.run/steps"), "lines.jsonl", SearchOption.AllDirectories).FirstOrDefault("")
        : "";

    private static Process Start(string[] args) => Process.Start(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", typeof(GoodhartCommand).Assembly.Location, .. args]);
}
