using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class FailureTests : TemporaryFolder
{
    private static Act Failing(Exception cause, string tag = "bad") => new()
    {
        Tag = tag,
        Action = (context, _) =>
        {
            File.WriteAllText(Path.Combine(context.OutputDirectory, "half"), "written");
            throw cause;
        },
    };

    [Fact]
    public async Task A_failing_step_is_named_stops_its_dependents_and_leaves_nothing()
    {
        Act bad = Failing(new InvalidDataException("line 3: loss is NaN"));
        Act dependent = new() { Tag = "dependent", After = [bad, new Constant(1)], Action = (_, _) => Assert.Fail("must not run") };
        Recorder recorder = new();
        Runner runner = NewRunner(observer: recorder);
        StepFailedException failure = await Assert.ThrowsAsync<StepFailedException>(() => runner.RunAsync(dependent, None));

        Assert.Equal($"Step act-{runner.KeyOf(bad)} (bad) failed: line 3: loss is NaN", failure.Message);
        Assert.Equal(("act", runner.KeyOf(bad)), (failure.StepName, failure.Key));
        Assert.Equal(["bad"], recorder.Failed);
        Assert.DoesNotContain(Stored(), name => name.StartsWith("act", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_watches_a_run_cannot_fail_it()
    {
        Broken observer = new();
        List<string> notes = [];
        Act work = new() { Tag = "work", Action = (context, _) => context.Report(new ProgressReport(0.5)) };
        Runner runner = new(new RunnerOptions { Directory = Folder, Observer = observer, Note = Told });

        Assert.Equal("work", await runner.RunAsync(work, None));
        Assert.Equal(1, observer.Calls);
        Assert.Equal(["what happens is not shown any more, and the run goes on: no space left"], notes);
        Assert.NotNull(runner.RecordOf(work));

        void Told(string line)
        {
            notes.Add(line);
            throw new IOException("nor is there for this");
        }
    }

    [Fact]
    public async Task After_the_cause_is_gone_the_same_call_resumes()
    {
        bool broken = true;
        Act shaky = new() { Tag = "shaky", After = [new Constant(1)], Action = (_, _) => Assert.False(broken) };
        await Assert.ThrowsAsync<StepFailedException>(() => NewRunner().RunAsync(shaky, None));

        broken = false;
        Runner runner = NewRunner();
        Assert.Equal("shaky", await runner.RunAsync(shaky, None));
        Assert.Equal(1, runner.Executed);
    }

    [Fact]
    public async Task A_failure_cancels_what_runs_beside_it()
    {
        using ManualResetEventSlim running = new();
        Act patient = new()
        {
            Tag = "patient",
            Action = (_, cancel) =>
            {
                running.Set();
                Assert.True(cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(20)));
                cancel.ThrowIfCancellationRequested();
            },
        };
        Act bad = new()
        {
            Tag = "bad",
            Action = (_, cancel) =>
            {
                running.Wait(TimeSpan.FromSeconds(20), cancel);
                throw new InvalidOperationException("boom");
            },
        };
        StepFailedException failure = await Assert.ThrowsAsync<StepFailedException>(
            () => NewRunner(workers: 2).RunAsync([patient, bad], None));
        Assert.EndsWith("boom", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Stored());
    }

    [Fact]
    public async Task A_time_out_inside_a_step_is_a_failure_and_no_cancellation() =>
        await Assert.ThrowsAsync<StepFailedException>(
            () => NewRunner().RunAsync(Failing(new TaskCanceledException("judge timed out")), None));

    [Fact]
    public async Task Cancelling_keeps_what_is_done_and_the_same_call_resumes()
    {
        using CancellationTokenSource interrupt = new();
        Act[] chain = new Act[4];
        for (int i = 0; i < chain.Length; i++)
        {
            int at = i;
            chain[i] = new()
            {
                Tag = $"{i}",
                After = i > 0 ? [chain[i - 1]] : [],
                Action = (_, cancel) =>
                {
                    if (at == 2)
                    {
                        interrupt.Cancel();
                    }

                    cancel.ThrowIfCancellationRequested();
                },
            };
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NewRunner().RunAsync(chain[3], interrupt.Token));
        Assert.Equal(2, Stored().Length);

        Act[] again = [.. chain.Select(step => step with { Action = (_, _) => { } })];   // same keys: the action is not in them
        Runner runner = NewRunner();
        await runner.RunAsync(again[3] with { After = chain[3].After }, None);
        Assert.Equal(2, runner.Executed);
    }

    [Fact]
    public async Task A_full_disk_leaves_nothing_half_visible_and_says_what_to_do()
    {
        Act full = new()
        {
            Tag = "full",
            Action = (context, _) =>
            {
                File.WriteAllText(Path.Combine(context.OutputDirectory, "first"), "fits");
                using FileStream device = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                device.Write("does not"u8);
            },
        };
        if (!File.Exists("/dev/full"))
        {
            full = full with { Action = (_, _) => throw new IOException("No space left on device", 28) };
        }

        StepFailedException failure = await Assert.ThrowsAsync<StepFailedException>(() => NewRunner().RunAsync(full, None));
        Assert.EndsWith(
            "The disk is full: free some room and run the same command again; finished steps are kept.",
            failure.Message,
            StringComparison.Ordinal);
        Assert.IsAssignableFrom<IOException>(failure.InnerException);
        Assert.Empty(Stored());
    }

    [Fact]
    public async Task The_failure_is_in_the_event_log()
    {
        await Assert.ThrowsAsync<StepFailedException>(() => NewRunner().RunAsync(Failing(new InvalidDataException("boom")), None));
        IReadOnlyList<RunEvent> events = EventLog.Read(Path.Combine(Folder, "events.jsonl"));
        Assert.Equal(
            [RunEventKind.RunStarted, RunEventKind.StepStarted, RunEventKind.StepFailed, RunEventKind.RunFinished],
            events.Select(e => e.Kind));
        Assert.EndsWith("boom", events[2].Text, StringComparison.Ordinal);
        Assert.Equal("failed", events[3].Text);
    }

    private sealed class Broken : Recorder
    {
        public int Calls { get; private set; }

        public override void StepStarted(PlannedStep step, int threads)
        {
            Calls++;
            throw new IOException("no space left");
        }
    }
}
