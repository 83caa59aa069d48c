using System.Diagnostics;
using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class KillTests : TemporaryFolder
{
    /// <summary>Kills a run again and again, a little later each time, then lets it end: all is as if nothing had happened.</summary>
    [Fact]
    public async Task Killed_at_any_moment_the_same_command_resumes_and_ends_with_the_same_bits()
    {
        string calm = Path.Combine(Folder, "calm");
        await new Runner(calm).RunAsync(ChildProcess.Graph, None);

        string killed = Path.Combine(Folder, "killed");
        int interrupted = 0;
        for (int round = 0; round < 5; round++)
        {
            using Process child = ChildProcess.Start(killed, millisecondsToLive: 5 * round);
            await child.WaitForExitAsync();
            interrupted += child.ExitCode == 0 ? 0 : 1;
        }

        Assert.True(interrupted >= 3, $"only {interrupted} kills came before the end");
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(killed, "steps"), "*.partial-*"));
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(killed, "steps"), "*.lines"));
        Runner last = new(killed);
        await last.RunAsync(ChildProcess.Graph, None);
        Assert.Equal(Snapshot(calm), Snapshot(killed));
        Assert.Contains(EventLog.Read(Path.Combine(killed, "events.jsonl")), entry => entry.Kind == RunEventKind.RunFinished);
    }

    [Fact]
    public async Task Another_process_is_refused_while_one_runs_and_let_in_when_it_is_dead()
    {
        Act keeper = new()
        {
            Tag = "keeper",
            Action = (_, _) =>
            {
                using Process child = ChildProcess.Start(Folder, millisecondsToLive: 0);
                child.WaitForExit();
                Assert.Equal(ChildProcess.Refused, child.ExitCode);
            },
        };
        await NewRunner().RunAsync(keeper, None);
        Assert.Single(Stored());   // the refused process touched nothing

        using Process killed = ChildProcess.Start(Folder, millisecondsToLive: 0);
        await killed.WaitForExitAsync();
        Assert.NotEqual(ChildProcess.Refused, killed.ExitCode);
        Assert.Equal(4, (await NewRunner().RunAsync(ChildProcess.Graph, None)).Length);   // and left no lock behind
    }
}
