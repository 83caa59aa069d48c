using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class EventLogTests : TemporaryFolder
{
    private string Log => Path.Combine(Folder, "events.jsonl");

    private static RunEvent Metric(double value) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Kind = RunEventKind.Metric,
        Step = "s",
        Metrics = new Dictionary<string, double> { ["loss"] = value },
    };

    [Fact]
    public void Lines_are_what_other_programs_expect()
    {
        using (EventLog log = new(Log))
        {
            log.Append(Metric(double.NaN) with { Kind = RunEventKind.StepProgress, Fraction = 0.5 });
        }

        Assert.Equal(
            """{"time":"1970-01-01T00:00:00+00:00","kind":"step-progress","step":"s","fraction":0.5,"metrics":{"loss":"NaN"}}""" + "\n",
            File.ReadAllText(Log));
        Assert.Equal(double.NaN, EventLog.Read(Log).Single().Metrics!["loss"]);
    }

    [Fact]
    public void A_torn_last_line_is_passed_over_and_closed_by_the_next_writer()
    {
        using (EventLog log = new(Log))
        {
            log.Append(Metric(1), Metric(2));
        }

        File.WriteAllText(Log, File.ReadAllText(Log)[..^10]);
        Assert.Equal([1], Losses());

        using (EventLog log = new(Log))
        {
            log.Append(Metric(3));
            log.Append(Metric(4));
            Assert.Equal([1, 3, 4], Losses());   // a reader beside the writer
        }
    }

    [Fact]
    public void Many_threads_may_append()
    {
        using (EventLog log = new(Log))
        {
            Parallel.For(0, 500, i => log.Append(Metric(i)));
        }

        Assert.Equal(Enumerable.Range(0, 500).Select(i => (double)i), Losses().Order());
        Assert.Equal(500, File.ReadLines(Log).Count());
    }

    [Fact]
    public void No_file_means_no_events() => Assert.Empty(EventLog.Read(Log));

    [Fact]
    public async Task A_run_tells_its_story_and_progress_is_thinned_out()
    {
        Act chatty = new()
        {
            Tag = "chatty",
            After = [new Constant(1)],
            Action = (context, _) =>
            {
                for (int i = 0; i <= 1000; i++)
                {
                    context.Report(new(i / 1000.0, $"row {i}"));
                }

                context.Record(new Dictionary<string, double> { ["loss"] = 0.5 });
                context.Record(new Dictionary<string, double> { ["loss"] = 0.25 });
            },
        };
        await NewRunner().RunAsync(new Constant(1), None);
        Recorder recorder = new();
        await NewRunner(observer: recorder).RunAsync(chatty, None);

        RunEvent[] events = [.. EventLog.Read(Log).Skip(4)];   // after the first run's four
        Assert.Equal(1001, recorder.Progress.Count);
        Assert.Equal(
            [RunEventKind.RunStarted, RunEventKind.StepCached, RunEventKind.StepStarted, RunEventKind.StepProgress],
            events.Take(4).Select(e => e.Kind));
        Assert.Equal(
            [RunEventKind.StepProgress, RunEventKind.Metric, RunEventKind.Metric, RunEventKind.StepFinished, RunEventKind.RunFinished],
            events.TakeLast(5).Select(e => e.Kind));
        Assert.InRange(events.Length, 9, 20);
        Assert.Equal(1, events[^5].Fraction);
        Assert.Equal("to run: 1, cached: 1", events[0].Text);
        Assert.Equal(("act", "chatty", 16), (events[^2].Step, events[^2].Label, events[^2].Key!.Length));
        Assert.True(events[^2].Seconds >= 0);
    }

    private IEnumerable<double> Losses() => EventLog.Read(Log).Select(entry => entry.Metrics!["loss"]);
}
