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
        for (int round = 0; round < 6; round++)
        {
            using Process child = ChildProcess.Start(killed);
            await UntilStored(killed, count: 1 + (4 * round), child);
            if (!child.HasExited)
            {
                child.Kill();   // SIGKILL: no handler runs
                interrupted++;
            }

            await child.WaitForExitAsync();
        }

        Assert.True(interrupted >= 4, $"only {interrupted} kills came before the end");
        Runner last = new(killed);
        await last.RunAsync(ChildProcess.Graph, None);
        Assert.Equal(Snapshot(calm), Snapshot(killed));
        Assert.Contains(EventLog.Read(Path.Combine(killed, "events.jsonl")), entry => entry.Kind == RunEventKind.RunFinished);
    }

    [Fact]
    public async Task Another_process_is_refused_while_one_runs_and_let_in_when_it_is_dead()
    {
        using Process child = ChildProcess.Start(Folder);
        await UntilStored(Folder, count: 1, child);
        IOException refusal = await Assert.ThrowsAsync<IOException>(() => NewRunner().RunAsync(ChildProcess.Graph, None));
        Assert.Contains("is in use by another run", refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(NewRunner().Plan(ChildProcess.Graph).Steps);   // looking is allowed

        child.Kill();
        await child.WaitForExitAsync();
        Assert.Equal(3, (await NewRunner().RunAsync(ChildProcess.Graph, None)).Length);
    }

    private static async Task UntilStored(string folder, int count, Process child)
    {
        string steps = Path.Combine(folder, "steps");
        bool Enough() => Directory.Exists(steps) && Directory.GetDirectories(steps).Count(path => !path.Contains(".partial-")) >= count;
        while (!child.HasExited && !Enough())
        {
            await Task.Delay(3);
        }
    }

    /// <summary>Every file of every artifact with its content's hash; of step.json, which holds times, only what was kept.</summary>
    private static string[] Snapshot(string folder) =>
    [
        .. Directory.GetDirectories(Path.Combine(folder, "steps")).Order(StringComparer.Ordinal).SelectMany(artifact =>
            Directory.GetFiles(artifact).Order(StringComparer.Ordinal).Select(file =>
                $"{Path.GetFileName(artifact)} {Path.GetFileName(file)} " +
                (Path.GetFileName(file) == "step.json" ? "" : new InputFile(file).Sha256))),
    ];
}
