using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Goodhart.Pipeline.Tests;

/// <summary>Steps in worker processes of this assembly.</summary>
public sealed class LocalExecutorTests : TemporaryFolder
{
    private Marks Marks => new(Path.Combine(Folder, "marks"));

    [Fact]
    public async Task Worker_processes_make_what_a_run_makes()
    {
        string calm = Path.Combine(Folder, "calm");
        await new Runner(calm).RunAsync(ChildProcess.Graph, None);

        string apart = Path.Combine(Folder, "apart");
        Recorder recorder = new();
        Runner runner = new(new RunnerOptions { Directory = apart, Observer = recorder });
        await runner.RunTasksAsync(
            WorkerGraphs.Of(WorkerGraphs.Calm, apart), ChildProcess.Local(apart, WorkerGraphs.Calm), None);
        Assert.Equal(Snapshot(calm), Snapshot(apart));
        Assert.Equal(32, recorder.Finished.Count);
        Assert.Equal(0, runner.Executed);

        // Nothing is left to do, and no worker is needed for it.
        await runner.RunTasksAsync(
            WorkerGraphs.Of(WorkerGraphs.Calm, apart),
            new TaskExecution(new LocalExecutor(ChildProcess.Places), new TaskTemplate(new TaskResources(1, 1, 0), [], [])),
            None);
    }

    [Fact]
    public async Task A_worker_that_is_killed_at_its_step_costs_an_attempt_and_no_bit()
    {
        Task run = Run(WorkerGraphs.Waiting, out Recorder recorder);
        using (Process worker = Process.GetProcessById(int.Parse(await Marks.WaitFor(Marking.Pid), CultureInfo.InvariantCulture)))
        {
            worker.Kill();   // SIGKILL: no handler runs
        }

        Marks.Set(Waiting.Go);
        await run;
        Assert.Equal(["bad: killed by signal 9 (SIGKILL, as the system does when memory runs out)"], recorder.Retried);
        Assert.Equal(5, Read("grandchild"));
        Assert.Contains(Events(), entry => entry is { Kind: RunEventKind.StepRetried, Label: "bad" });
        Assert.DoesNotContain(Stored(), name => name.Contains(".partial-", StringComparison.Ordinal));
        Assert.Contains(0.5, recorder.Progress);   // of the worker's step, which the parent tells
    }

    [Fact]
    public async Task What_kills_every_attempt_fails_its_step_the_rest_is_done_and_the_reason_is_kept()
    {
        Marks.Set(Deadly.Lethal);
        TasksFailedException failure = await Assert.ThrowsAsync<TasksFailedException>(() => Run(WorkerGraphs.Deadly, out _));
        Assert.StartsWith(
            "1 step failed, and 2 steps that would have read from there were skipped", failure.Message, StringComparison.Ordinal);
        Assert.Contains("bad (2 attempts): killed by signal 9", failure.Message, StringComparison.Ordinal);
        Assert.Contains("| about to die", failure.Message, StringComparison.Ordinal);
        Assert.Equal(5, Read("other"));
        Assert.Equal(2, Read("another"));
        Assert.Equal(["child", "grandchild"], Events().Where(entry => entry.Kind == RunEventKind.StepSkipped).Select(entry => entry.Label));

        string kept = Assert.Single(Directory.GetFiles(Path.Combine(Folder, "failures")));
        using (JsonDocument reason = JsonDocument.Parse(File.ReadAllText(kept)))
        {
            Assert.Equal(137, reason.RootElement.GetProperty("failure").GetProperty("exitCode").GetInt32());
        }

        Marks.Clear(Deadly.Lethal);
        await Run(WorkerGraphs.Deadly, out Recorder recorder);
        Assert.Equal(["bad", "child", "grandchild"], recorder.Finished);
        Assert.Empty(Directory.GetFiles(Path.Combine(Folder, "failures")));
    }

    [Fact]
    public async Task One_death_is_one_attempt()
    {
        Marks.Set(Deadly.Once);
        await Assert.ThrowsAsync<TasksFailedException>(() => Run(WorkerGraphs.Deadly, out _, ChildProcess.Places with { Retries = 0 }));
        Marks.Set(Deadly.Once);
        await Run(WorkerGraphs.Deadly, out Recorder recorder);
        Assert.Single(recorder.Retried);
        Assert.Equal(5, Read("child"));
    }

    [Fact]
    public async Task A_step_that_fails_by_itself_is_not_tried_again()
    {
        Marks.Set(Failing.Broken);
        TasksFailedException failure = await Assert.ThrowsAsync<TasksFailedException>(() => Run(WorkerGraphs.Failing, out _));
        FailedTask task = Assert.Single(failure.Failed);
        Assert.Equal((1, "the loss is NaN", (int)StepExit.Failed), (task.Attempts, task.Failure.Reason, task.Failure.ExitCode));
        Assert.Equal(5, Read("other"));
    }

    [Fact]
    public async Task Asked_to_stop_the_workers_stop_and_the_same_run_resumes()
    {
        using CancellationTokenSource interrupt = new();
        Task run = Run(WorkerGraphs.Waiting, out _, cancel: interrupt.Token);
        int worker = int.Parse(await Marks.WaitFor(Marking.Pid), CultureInfo.InvariantCulture);
        await interrupt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(worker));
        Assert.DoesNotContain(Stored(), name => name.Contains(".partial-", StringComparison.Ordinal));

        Marks.Set(Waiting.Go);
        await Run(WorkerGraphs.Waiting, out Recorder recorder);
        Assert.Contains("grandchild", recorder.Finished);
    }

    [Fact]
    public async Task Workers_end_with_their_parent()
    {
        using Process parent = ChildProcess.StartParent(Folder, WorkerGraphs.Waiting);
        using Process worker = Process.GetProcessById(int.Parse(await Marks.WaitFor(Marking.Pid), CultureInfo.InvariantCulture));
        parent.Kill();   // the parent alone
        await worker.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));

        Marks.Set(Waiting.Go);
        await Run(WorkerGraphs.Waiting, out Recorder recorder);
        Assert.Contains("grandchild", recorder.Finished);
        Assert.DoesNotContain(Stored(), name => name.Contains(".partial-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tasks_that_need_a_gpu_get_one_each()
    {
        Runner runner = NewRunner();
        IReadOnlyList<Step> targets = WorkerGraphs.Of(WorkerGraphs.Pair, Folder);
        LocalOptions options = ChildProcess.Places with { Gpus = ["3", "GPU-a1"] };
        await runner.RunTasksAsync(targets, ChildProcess.Local(Folder, WorkerGraphs.Pair, options, gpus: 1), None);
        Assert.Equal(["3", "GPU-a1"], targets.Select(step => runner.Read((Meeting)step)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1, 100), InlineData(2, 1)]   // workers, bytes: each task takes one of both
    public async Task Where_there_is_room_for_one_task_they_run_one_after_the_other(int workers, long bytes)
    {
        await Run(WorkerGraphs.Calm, out _, ChildProcess.Places with { Workers = workers, MemoryBytes = bytes });
        int running = 0;
        foreach (RunEvent entry in Directory.GetFiles(Path.Combine(Folder, "events")).SelectMany(EventLog.Read).OrderBy(entry => entry.Time))
        {
            running += entry.Kind == RunEventKind.StepStarted ? 1 : entry.Kind == RunEventKind.StepFinished ? -1 : 0;
            Assert.InRange(running, 0, 1);
        }

        Assert.Equal(32, Events().Count(entry => entry.Kind == RunEventKind.StepStarted));
    }

    [Fact]
    public async Task A_step_that_another_process_is_at_is_waited_for()
    {
        Lease held = Lease.Take(Path.Combine(Folder, "steps", NewRunner().Plan(Find("other")).Steps[^1].Folder));
        Task run = Run(WorkerGraphs.Failing, out Recorder recorder);
        await Task.Delay(2000);
        Assert.False(run.IsCompleted);
        held.Dispose();
        await run;
        Assert.Empty(recorder.Retried);
        Assert.Equal(5, Read("other"));
        Assert.Single(recorder.Started, "other");   // however often it was asked for
    }

    /// <summary>A worker takes one step after another, so that its start is paid once.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_thousand_steps_take_less_than_a_minute()
    {
        Stopwatch watch = Stopwatch.StartNew();
        await Run(WorkerGraphs.Many, out Recorder recorder);
        Assert.Equal(1001, recorder.Finished.Count);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    private Task Run(string graph, out Recorder recorder, LocalOptions? options = null, CancellationToken cancel = default)
    {
        recorder = new Recorder();
        return NewRunner(observer: recorder).RunTasksAsync(
            WorkerGraphs.Of(graph, Folder), ChildProcess.Local(Folder, graph, options), cancel);
    }

    private double Read(string tag) => NewRunner().Read(Find(tag));

    private Sum Find(string tag) => ((string[])[WorkerGraphs.Waiting, WorkerGraphs.Deadly, WorkerGraphs.Failing])
        .SelectMany(graph => NewRunner().Plan(WorkerGraphs.Of(graph, Folder)).Steps).Select(planned => planned.Step).OfType<Sum>()
        .First(step => step.Tag == tag && (tag is "other" or "another" || NewRunner().RecordOf(step) is not null));

    private IReadOnlyList<RunEvent> Events() => EventLog.Read(Path.Combine(Folder, "events.jsonl"));
}
