using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Xunit;

namespace Goodhart.Cli.Tests.Slurm;

/// <summary>What happens to studies on clusters, one thing at a time, on a real one.</summary>
[Trait("Category", "Slow")]
[SupportedOSPlatform("linux")]
public sealed class SlurmTroubleTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private static readonly string[] Study = [.. MicroStudy.Arguments, "--threads", "1"];

    /// <summary>A step that goes on for a minute and more.</summary>
    private static readonly string[] Long = [.. Study, .. MicroStudy.Long];

    /// <summary>A step that is not over before a test comes to it.</summary>
    private static readonly string[] Slow = [.. Study, "--set", "pretrain.examples=6400"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SlurmFact]
    public async Task The_daemons_are_killed_and_come_back()
    {
        string shared = folder.Path("shared");
        using Submission study = cluster.Submit(shared, Study);
        QueuedJob running = await cluster.Job("sft-segment");
        await cluster.KillDaemon("slurmctld");
        await cluster.KillDaemon($"slurmd-{running.Node}");
        await SlurmCluster.Until(() => study.Said.Contains("squeue does not answer", StringComparison.Ordinal), study.Said);
        cluster.Revive();
        Assert.True(await study.End() == ExitCode.Done, study.Said);
        await SameAsAlone(shared, Study);
    }

    [SlurmFact]
    public async Task The_submitter_is_killed_as_soon_as_there_is_a_job_and_the_next_one_submits_the_rest()
    {
        // An sbatch that takes its time after it has submitted: the id is on its way when the submitter dies.
        Directory.CreateDirectory(folder.Path("bin"));
        string slow = folder.Write(
            "bin/sbatch",
            $$"""
            #!/bin/bash
            PATH="${PATH#*:}" sbatch "$@"
            case "$*" in *-sft-segment-*) while [ ! -f '{{folder.Path("dead")}}' ]; do sleep 0.1; done ;; esac

            """);
        File.SetUnixFileMode(slow, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string path = $"{folder.Path("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        string shared = folder.Path("shared");
        using (Submission first = cluster.Submit(shared, Study, path))
        {
            await SlurmCluster.Until(() => cluster.Queue().Any(job => job.Name.Contains("-sft-segment-")), first.Said);
            await first.Kill();
            folder.Write("dead", "");
        }

        int submitted = Jobs(shared).Length;
        Assert.Equal(2, submitted);
        using Submission study = cluster.Submit(shared, Study);
        Assert.True(await study.End() == ExitCode.Done, study.Said);
        await SameAsAlone(shared, Study);

        // Nothing was submitted a second time: a name is a set of steps.
        string[] jobs = Jobs(shared);
        Assert.True(submitted < jobs.Length, study.Said);
        Assert.Equal(jobs.Length, jobs.Distinct().Count());
    }

    [SlurmFact]
    public async Task A_node_is_cut_off_and_its_attempt_lives_on_beside_the_second_one()
    {
        string shared = folder.Path("shared");
        using Submission study = cluster.Submit(shared, Slow);
        await SlurmCluster.Until(
            () => Directory.GetFiles(Path.Combine(shared, "steps"), "sft-segment-*.lease").Length > 0, "the step takes no lease");
        QueuedJob first = await cluster.Hold("sft-segment");
        int[] processes = cluster.Processes(first);
        await cluster.KillDaemon($"slurmd-{first.Node}");

        // Slurm gives the node up and starts the step on the other one, which finds that another attempt is at it.
        string log = Path.Combine(shared, "slurm", first.Name + ".log");
        await SlurmCluster.Until(() => Text(log).Contains(", attempt 1 on node", StringComparison.Ordinal), study.Said);
        await SlurmCluster.Until(() => Text(log).Contains("Another attempt is at", StringComparison.Ordinal), Text(log));
        SlurmCluster.Kill("-CONT", processes);
        Assert.True(await study.End() == ExitCode.Done, study.Said);
        Assert.Single(Regex.Matches(Text(log), ": stored$", RegexOptions.Multiline));
        Assert.Single(Regex.Matches(Text(log), ": was stored before$", RegexOptions.Multiline));
        cluster.Revive();
        await SameAsAlone(shared, Slow);
    }

    [SlurmFact]
    public async Task A_step_that_fails_ends_what_needs_it_and_the_rest_is_done()
    {
        string[] two = [.. Study, "--set", "align.betas=[0.1,0.4]"];
        string shared = folder.Path("shared");
        string tasks = folder.Path("tasks.json");
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(["study", .. two, "--out", shared, "--export-tasks", tasks])).Code);

        // A file where the step's folder is to be.
        string step = Regex.Match(File.ReadAllText(tasks), "\"id\":\\s*\"(preference-segment-[0-9a-f]+)\"").Groups[1].Value;
        string inItsPlace = folder.Write(Path.Combine("shared", "steps", step), "");
        using (Submission study = cluster.Submit(shared, two))
        {
            Assert.True(await study.End() == ExitCode.Failed, study.Said);
            Assert.Contains(
                "1 step failed, and 8 steps that would have read from there were skipped", study.Said, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Path.Combine(shared, "report.html")));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(shared, "steps"), "preference-segment-*").Length);   // the other run's

        File.Delete(inItsPlace);
        using Submission again = cluster.Submit(shared, two);
        Assert.True(await again.End() == ExitCode.Done, again.Said);
        Assert.Contains("slurm: 9 steps submitted", again.Said, StringComparison.Ordinal);
        await SameAsAlone(shared, two);
    }

    [SlurmFact]
    public async Task A_step_reaches_its_time_limit_and_its_job_goes_back_into_the_queue()
    {
        string shared = folder.Path("shared");
        using Submission study = cluster.Submit(shared, [.. Slow, "--set", "slurm.time=1"]);

        // However fast the machine, the step is not done when it is told to stop.
        QueuedJob slow = await cluster.Hold("sft-segment");
        string log = Path.Combine(shared, "slurm", slow.Name + ".log");
        int[] processes = cluster.Processes(slow);
        await SlurmCluster.Until(() => processes.Any(SlurmCluster.IsToldToStop), Text(log));
        SlurmCluster.Kill("-CONT", processes);
        await SlurmCluster.Until(() => Text(log).Contains("The time limit is near", StringComparison.Ordinal), Text(log));

        // What a person would do, before the same happens again.
        await SlurmCluster.Until(() => cluster.Queue().Any(job => job.Id == slow.Id && job.State == "PENDING"), study.Said);
        cluster.Client("scontrol", "update", $"jobid={slow.Id}", "TimeLimit=30");
        Assert.True(await study.End() == ExitCode.Done, study.Said);
        Assert.Contains(", attempt 1 on node", Text(log), StringComparison.Ordinal);
        await SameAsAlone(shared, Slow);
    }

    [SlurmFact]
    public async Task All_jobs_are_cancelled_and_the_study_says_so()
    {
        string shared = folder.Path("shared");
        using Submission study = cluster.Submit(shared, Long);
        await cluster.Job("sft-segment");
        CommandRun cancelled = await ProgramRun.Of(cluster.Environment, "cancel", shared);
        Assert.Equal(ExitCode.Done, cancelled.Code);
        Assert.Matches("^[0-9]+ jobs cancelled", cancelled.Output);
        Assert.True(await study.End() == ExitCode.Failed, study.Said);
        Assert.Contains("was cancelled (by scancel, or by an administrator)", study.Said, StringComparison.Ordinal);
        Assert.Equal("no jobs of this study are in the queue\n", (await ProgramRun.Of(cluster.Environment, "cancel", shared)).Output);
    }

    [SlurmFact]
    public async Task Ctrl_C_leaves_the_jobs_to_Slurm()
    {
        string shared = folder.Path("shared");
        using (Submission study = cluster.Submit(shared, Study))
        {
            await cluster.Job("sft-segment");
            study.Interrupt();
            Assert.True(await study.End() == ExitCode.Interrupted, study.Said);
            Assert.Contains("the jobs go on without this process", study.Said, StringComparison.Ordinal);
        }

        await SlurmCluster.Until(
            () => Directory.GetDirectories(Path.Combine(shared, "steps"), "analyse-study-*").Any(path => !path.Contains(".partial-")),
            "nothing goes on");
        using Submission collect = cluster.Submit(shared, Study);
        Assert.True(await collect.End() == ExitCode.Done, collect.Said);
        Assert.DoesNotContain("submitted", collect.Said, StringComparison.Ordinal);
    }

    [SlurmFact]
    public async Task A_folder_that_the_nodes_do_not_share_is_said()
    {
        // Nodes with a file system of their own at the place where the study is.
        cluster.Hide(folder.Root);
        try
        {
            using Submission study = cluster.Submit(folder.Path("shared"), Study);
            Assert.True(await study.End() == ExitCode.BadInput, study.Said);
            Assert.Contains("on a file system that the nodes share with this host?", study.Said, StringComparison.Ordinal);
        }
        finally
        {
            cluster.Show();
        }
    }

    [SlurmFact]
    public async Task The_quick_study_ends_with_the_points_of_one_process()
    {
        string[] quick = ["--preset", "quick", "--threads", "1"];
        string shared = folder.Path("shared");
        using Submission study = cluster.Submit(shared, quick);
        Assert.True(await study.End(3600) == ExitCode.Done, study.Said);
        await SameAsAlone(shared, quick);
    }

    private async Task SameAsAlone(string shared, string[] study)
    {
        string alone = folder.Path("alone");
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(["study", .. study, "--out", alone, "--quiet"])).Code);
        Assert.Equal(File.ReadAllText(Path.Combine(alone, "points.csv")), File.ReadAllText(Path.Combine(shared, "points.csv")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(shared, "steps"), "*.partial-*"));
    }

    /// <summary>Names of the study's jobs, one for each call of sbatch.</summary>
    private string[] Jobs(string shared)
    {
        string[] lists =
            [.. Directory.GetFiles(Path.Combine(shared, "slurm"), "*.steps").Select(path => Path.GetFileNameWithoutExtension(path)!)];
        return [.. cluster.Queue().Where(job => lists.Contains(job.Name)).Select(job => (Call: job.Id.Split('_')[0], job.Name)).Distinct()
            .Select(job => job.Name)];
    }

    private static string Text(string path) => File.Exists(path) ? File.ReadAllText(path) : "";
}
