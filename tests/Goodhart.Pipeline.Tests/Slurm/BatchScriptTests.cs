using System.Diagnostics;
using System.Globalization;
using Goodhart.Pipeline.Slurm;
using Xunit;

namespace Goodhart.Pipeline.Tests.Slurm;

/// <summary>The script that a node runs, run here, with a script of a few lines in the program's place.</summary>
[Collection(StandIn.Collection)]
public sealed class BatchScriptTests : TemporaryFolder, IDisposable
{
    private readonly StandIn slurm = new();
    private readonly Constant step = new(1);

    void IDisposable.Dispose()
    {
        slurm.Dispose();
        Dispose();
    }

    [Theory]
    [InlineData("judging")]
    [InlineData("steps/{0}")]
    public async Task While_somebody_else_is_at_it_a_step_waits_longer_than_minutes_and_not_after_he_is_gone(string leased)
    {
        string lease = Path.Combine(Folder, string.Format(CultureInfo.InvariantCulture, leased, Name)) + Lease.Suffix;
        string script = await ScriptAsync();
        File.WriteAllText(lease, "");

        // The first time it is not ready, the second time it is.
        slurm.Write("goodhart", "echo asked; [ -f \"$dir/once\" ] || { touch \"$dir/once\"; exit 75; }");
        (int code, string said) = await RunAsync(script, seconds: 100_000);
        Assert.Equal(0, code);
        Assert.EndsWith("asked\nasked\ngoodhart: job 9 ended with 0\n", said, StringComparison.Ordinal);

        slurm.Write("goodhart", "echo asked; exit 75");
        File.SetLastWriteTimeUtc(lease, DateTime.UtcNow - TimeSpan.FromMinutes(10));
        (code, said) = await RunAsync(script, seconds: 100_000);
        Assert.Equal(75, code);
        Assert.EndsWith("node1\nasked\ngoodhart: job 9 ended with 75\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slurm_may_miss_that_a_job_is_to_go_back_into_the_queue_once()
    {
        string script = await ScriptAsync();
        slurm.Write("goodhart", "trap '' TERM; kill -USR1 $PPID; sleep 0.2; exit 130");
        slurm.Write("scontrol", "[ -f \"$dir/once\" ] || { touch \"$dir/once\"; echo 'Unable to contact slurm controller' >&2; exit 1; }");
        (int code, string said) = await RunAsync(script, seconds: 0);
        Assert.Equal(0, code);
        Assert.EndsWith("The time limit is near: the job is requeued, and goes on from what the step has kept.\n", said, StringComparison.Ordinal);
    }

    private string Name => NewRunner().Plan(step).Steps[^1].Folder;

    /// <summary>That of a job with the step alone.</summary>
    private async Task<string> ScriptAsync()
    {
        StudyDirectory.Claim(Folder);
        using CancellationTokenSource submitted = new();
        Task run = NewRunner().RunTasksAsync(
            [step],
            new TaskExecution(
                new SlurmExecutor(SlurmOptions.Of(new Dictionary<string, string>()), 0, null),
                new TaskTemplate(new TaskResources(1, 1L << 30, 0), ["goodhart"], ["--study", Folder])),
            submitted.Token);
        while (slurm.Jobs.Count == 0 && !run.IsCompleted)
        {
            await Task.Delay(10);
        }

        await submitted.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        return slurm.Script(1);
    }

    /// <param name="seconds">That the job runs already.</param>
    private static async Task<(int Code, string Said)> RunAsync(string script, int seconds)
    {
        ProcessStartInfo start = new("bash") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["SECONDS"] = seconds.ToString(CultureInfo.InvariantCulture);
        start.Environment["SLURM_JOB_ID"] = "9";
        start.Environment["SLURMD_NODENAME"] = "node1";
        using Process bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        string said = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, said);
    }
}
