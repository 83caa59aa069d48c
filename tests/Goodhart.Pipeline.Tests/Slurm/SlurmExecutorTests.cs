using System.Diagnostics;
using Goodhart.Pipeline.Slurm;
using Xunit;

namespace Goodhart.Pipeline.Tests.Slurm;

/// <summary>What the executor asks of Slurm and makes of its answers, with scripts in the place of its commands.</summary>
public sealed class SlurmExecutorTests : TemporaryFolder, IDisposable
{
    private const string Pending = "PENDING";
    private const string Done = "COMPLETED";

    private readonly StandIn slurm = new();
    private readonly List<string> notes = [];
    private readonly Constant[] sources = [new(1), new(2), new(3)];
    private readonly Sum last;

    /// <summary>Three sources, a sum behind each, and one over all: jobs 1 (three tasks), 2 (three) and 3.</summary>
    public SlurmExecutorTests() => last = new Sum
    {
        Tag = "last",
        Terms = [.. sources.Select(source => new Sum { Tag = $"{source.Label} again", Terms = [source] })],
    };

    void IDisposable.Dispose()
    {
        slurm.Dispose();
        Dispose();
    }

    [Fact]
    public async Task All_is_submitted_at_once_as_arrays_that_wait_for_one_another()
    {
        Task run = Run(settings: ("time", "2:00:00"));
        await Submitted(3);

        Assert.Equal(("0-2", "0-2", null), (slurm.Option(1, "array"), slurm.Option(2, "array"), slurm.Option(3, "array")));
        Assert.Equal(
            (null, "aftercorr:1", "afterok:2"),
            (slurm.Option(1, "dependency"), slurm.Option(2, "dependency"), slurm.Option(3, "dependency")));
        Assert.Equal(("yes", "append"), (slurm.Option(1, "kill-on-invalid-dep"), slurm.Option(1, "open-mode")));
        Assert.Equal(("2:00:00", "B:USR1@300", "1280M"), (slurm.Option(1, "time"), slurm.Option(1, "signal"), slurm.Option(1, "mem")));
        Assert.Matches("^goodhart-[0-9a-f]{8}-constant-[0-9a-f]{8}$", slurm.Option(1, "job-name"));
        Assert.Contains(
            $"  2) step=('goodhart' 'step' '{Name(sources[2])}' '--study' '{Folder}') ;;", slurm.Script(1), StringComparison.Ordinal);

        await Store(last);
        slurm.Queue((1, 0, Done), (1, 1, Done), (1, 2, Done), (2, 0, Done), (2, 1, Done), (2, 2, Done), (3, null, Done));
        await run;
        Assert.Equal(3, slurm.Jobs.Count);
        Assert.Equal(6.0, NewRunner().Read(last));
    }

    [Fact]
    public async Task Another_process_finds_the_jobs_by_their_names_and_submits_only_what_is_missing()
    {
        await Abandon(3);
        slurm.Queue((1, 1, Pending), (1, 2, "RUNNING"), (2, 0, Pending), (2, 1, Pending), (2, 2, Pending), (3, null, Pending));
        Task run = Run();

        // Task 0 of the first array is neither stored nor in the queue: it alone is submitted again.
        await Submitted(4);
        Assert.Contains(notes, note => note.StartsWith("slurm: 6 steps of an earlier call", StringComparison.Ordinal));
        Assert.Null(slurm.Option(4, "array"));
        Assert.Contains(Name(sources[0]), slurm.Script(4), StringComparison.Ordinal);

        await Store(last);
        slurm.Queue();
        await run;
        Assert.Equal(4, slurm.Jobs.Count);
    }

    [Fact]
    public async Task What_is_submitted_later_waits_for_the_living_tasks_that_it_needs()
    {
        await Abandon(3);
        slurm.Queue((1, 0, Pending), (1, 1, Pending), (1, 2, "RUNNING"));
        Task run = Run();
        await Submitted(5);
        Assert.Equal(("aftercorr:1", "afterok:4"), (slurm.Option(4, "dependency"), slurm.Option(5, "dependency")));

        await Store(last);
        slurm.Queue();
        await run;
    }

    [Fact]
    public async Task A_queue_that_does_not_answer_says_nothing_of_the_jobs()
    {
        Task run = Run();
        await Submitted(3);
        slurm.Silence();
        await Told("squeue does not answer");
        Assert.Equal(3, slurm.Jobs.Count);
        Assert.False(run.IsCompleted);

        await Store(last);
        slurm.Queue();
        slurm.Speak();
        await run;
        Assert.Equal(3, slurm.Jobs.Count);
    }

    [Fact]
    public async Task A_job_whose_id_was_lost_on_its_way_is_found_by_its_name()
    {
        slurm.Mute();
        Task run = Run(new Sum { Terms = [sources[0]] });
        await Submitted(2);
        Assert.Equal("afterok:1", slurm.Option(2, "dependency"));
        await Store(new Sum { Terms = [sources[0]] });
        slurm.Queue();
        await run;
        Assert.Equal(2, slurm.Jobs.Count);
    }

    [Fact]
    public async Task A_step_that_fails_takes_along_what_needs_it_and_nothing_else()
    {
        Task run = Run();
        await Submitted(3);
        Log(1, 0, "goodhart: job 1_0 starts, attempt 0 on node1", "error: line 3 is no number", "goodhart: job 1_0 ended with 1");
        await Store(new Sum { Tag = "others", Terms = last.Terms.Skip(1).ToArray() });
        slurm.Queue(
            (1, 0, "FAILED"), (1, 1, Done), (1, 2, Done), (2, 0, "CANCELLED"), (2, 1, Done), (2, 2, Done), (3, null, "CANCELLED"));

        TasksFailedException failed = await Assert.ThrowsAsync<TasksFailedException>(() => run);
        FailedTask only = Assert.Single(failed.Failed);
        Assert.Equal(("constant 1", "error: line 3 is no number", 1), (only.Label, only.Failure.Reason, only.Failure.ExitCode));
        Assert.Contains("2 steps that would have read from there were skipped", failed.Message, StringComparison.Ordinal);
        Assert.Equal(3, slurm.Jobs.Count);
    }

    [Fact]
    public async Task A_job_that_dies_is_submitted_again_with_all_that_waits_for_it()
    {
        Task run = Run(retries: 1);
        await Submitted(3);
        Log(1, 0, "goodhart: job 1_0 starts, attempt 0 on node1");
        await Store(sources[1]);
        await Store(sources[2]);
        slurm.Queue(
            (1, 0, "NODE_FAIL"), (1, 1, Done), (1, 2, Done), (2, 0, Pending), (2, 1, Pending), (2, 2, Pending), (3, null, Pending));
        await Submitted(6);
        Assert.Equal(["2_0", "3"], slurm.Cancelled.Order());
        Assert.Contains(Name(sources[0]), slurm.Script(4), StringComparison.Ordinal);
        Assert.Equal("afterok:4", slurm.Option(5, "dependency"));
        Assert.Equal(["afterok:2_1:2_2", "afterok:5"], slurm.Option(6, "dependency")!.Split(',').Order());

        // Once more, and it is over: one retry was asked for.
        Log(4, null, "goodhart: job 4 starts, attempt 0 on node2", "goodhart: job 4 ended with 139");
        await Store(last.Terms[1]);
        await Store(last.Terms[2]);
        slurm.Queue((4, null, "FAILED"), (2, 1, Done), (2, 2, Done), (5, null, "CANCELLED"), (6, null, "CANCELLED"));
        TasksFailedException failed = await Assert.ThrowsAsync<TasksFailedException>(() => run);
        Assert.StartsWith("killed by signal 11", Assert.Single(failed.Failed).Failure.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TIMEOUT", "reached its time limit: raise slurm.time")]
    [InlineData("OUT_OF_MEMORY", "took more memory than it asked for: raise slurm.memory")]
    [InlineData("CANCELLED", "was cancelled")]
    public async Task What_would_end_the_same_way_again_is_not_tried_again(string state, string reason)
    {
        Task run = Run(target: sources[0], retries: 3);
        await Submitted(1);
        Log(1, null, "goodhart: job 1 starts, attempt 0 on node1");
        slurm.Queue((1, null, state));
        TasksFailedException failed = await Assert.ThrowsAsync<TasksFailedException>(() => run);
        Assert.Contains(reason, failed.Message, StringComparison.Ordinal);
        Assert.Single(slurm.Jobs);
    }

    [Fact]
    public async Task A_job_that_may_not_be_submitted_is_said_with_Slurms_words()
    {
        slurm.Refuse("sbatch: error: invalid partition specified: gpuu");
        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => Run());
        Assert.Contains("invalid partition specified: gpuu", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_the_limit_of_jobs_the_rest_is_submitted_later()
    {
        await Abandon(3);
        slurm.Queue((1, 0, Pending), (1, 1, Pending), (1, 2, Pending));
        slurm.Refuse("sbatch: error: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)");
        Task run = Run();
        await Told("It is tried again");
        slurm.Accept();
        await Submitted(5);
        await Store(last);
        slurm.Queue();
        await run;
    }

    [Fact]
    public async Task All_jobs_of_a_study_can_be_cancelled_and_none_of_another()
    {
        await Abandon(3);
        slurm.Queue((1, 0, Done), (1, 1, "RUNNING"), (1, 2, Pending), (3, null, Pending));
        Assert.Equal(3, await SlurmExecutor.CancelAsync(Folder, None));
        Assert.Equal(["1", "3"], slurm.Cancelled.Order());
        Assert.Equal(0, await SlurmExecutor.CancelAsync(Path.Combine(Folder, "other"), None));
    }

    private Task Run(Step? target = null, int retries = 0, (string Key, string Value)? settings = null) => NewRunner().RunTasksAsync(
        [target ?? last],
        new TaskExecution(
            new SlurmExecutor(
                SlurmOptions.Of(settings is { } one ? new() { [one.Key] = one.Value } : new Dictionary<string, string>()), retries, Note),
            new TaskTemplate(new TaskResources(1, 1L << 30, 0), ["goodhart"], ["--study", Folder])),
        None);

    /// <summary>A process that submits so many jobs and is gone.</summary>
    private async Task Abandon(int jobs)
    {
        using CancellationTokenSource gone = new();
        Task run = NewRunner().RunTasksAsync(
            [last],
            new TaskExecution(
                new SlurmExecutor(SlurmOptions.Of(new Dictionary<string, string>()), 0, Note),
                new TaskTemplate(new TaskResources(1, 1L << 30, 0), ["goodhart"], ["--study", Folder])),
            gone.Token);
        await Submitted(jobs);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private void Note(string line)
    {
        lock (notes)
        {
            notes.Add(line);
        }
    }

    private Task Submitted(int jobs) => Until(() => slurm.Jobs.Count == jobs);

    private Task Told(string words) => Until(() =>
    {
        lock (notes)
        {
            return notes.Any(note => note.Contains(words, StringComparison.Ordinal));
        }
    });

    private static async Task Until(Func<bool> holds)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); !holds() && watch.Elapsed < TimeSpan.FromMinutes(5);)
        {
            await Task.Delay(20);
        }

        Assert.True(holds());
    }

    /// <summary>What the jobs would do: a step with all that it needs.</summary>
    private async Task Store(Step target)
    {
        Runner runner = NewRunner();
        foreach (PlannedStep step in runner.Plan(target).ToRun.ToArray())
        {
            await runner.RunStepAsync([target], step.Folder, None);
        }

        if (target is Sum { Tag: "others" })
        {
            Directory.Delete(NewRunner().DirectoryOf(target), recursive: true);
        }
    }

    private string Name(Step step) => NewRunner().Plan(step).Steps[^1].Folder;

    private void Log(int job, int? index, params string[] lines) => File.AppendAllLines(
        slurm.Option(job, "output")!.Replace("%a", $"{index}", StringComparison.Ordinal), lines);
}
