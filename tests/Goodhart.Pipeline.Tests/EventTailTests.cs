using Xunit;

namespace Goodhart.Pipeline.Tests;

/// <summary>What somebody who only watches a folder reads of it.</summary>
public sealed class EventTailTests : TemporaryFolder
{
    private string Log => Path.Combine(Folder, EventLog.FileName);

    [Fact]
    public void Each_call_reads_what_is_new_and_leaves_a_line_that_is_being_written()
    {
        EventTail tail = new(Log);
        Assert.Empty(tail.Read());
        using (EventLog log = new(Log))
        {
            log.Append(Said("a"), Said("b"));
            EventTail late = EventTail.FromNow(Log);
            Assert.Equal(["a", "b"], tail.Read().Select(entry => entry.Text));
            log.Append(Said(new string('c', 200_000)));
            Assert.Equal(200_000, Assert.Single(tail.Read()).Text!.Length);
            Assert.Single(late.Read());
        }

        string line = File.ReadLines(Log).First();
        File.AppendAllText(Log, line[..10]);
        Assert.Empty(tail.Read());
        File.AppendAllText(Log, line[10..] + "\n");
        Assert.Equal("a", Assert.Single(tail.Read()).Text);

        File.WriteAllText(Log, line + "\n");   // another file in its place
        Assert.Equal("a", Assert.Single(tail.Read()).Text);
    }

    [Fact]
    public async Task A_run_tells_its_plan_and_so_does_one_that_is_only_announced()
    {
        Sum sum = new() { Terms = [new Constant(1), new Constant(2)], Cost = 7 };
        Runner runner = NewRunner();
        await runner.RunAsync(new Constant(1), None);
        runner.Announce(runner.Plan(sum));
        await runner.RunAsync(sum, None);

        RunEvent[] plans = [.. EventLog.Read(Log).Where(entry => entry.Plan is not null)];
        Assert.Equal([RunEventKind.RunStarted, RunEventKind.RunPlanned, RunEventKind.RunStarted], plans.Select(entry => entry.Kind));
        Assert.All(plans[1..], plan =>
        {
            Assert.Equal(["constant", "constant", "sum"], plan.Plan!.Select(entry => entry.Step));
            Assert.Equal([false, true, true], plan.Plan!.Select(entry => entry.Runs));
            Assert.Equal(plan.Plan!.Take(2).Select(entry => entry.Key), plan.Plan![2].Inputs);
            Assert.Equal(7, plan.Plan![2].Cost);
        });
    }

    [Fact]
    public async Task Stored_steps_are_seen_by_who_only_looks()
    {
        StoredSteps stored = new(Folder);
        Assert.Empty(stored.Folders());
        Sum sum = new() { Terms = [new Constant(1), new Constant(2)] };
        Runner runner = NewRunner();
        await runner.RunAsync(sum, None);
        Directory.CreateDirectory(runner.DirectoryOf(sum) + ".partial-12345678");

        Assert.Equal(3, stored.Folders().Count());
        string folder = Path.GetFileName(runner.DirectoryOf(sum));
        Assert.Equal([runner.KeyOf(new Constant(1)), runner.KeyOf(new Constant(2))], stored.Record(folder)!.InputKeys());
        Assert.Null(stored.Result<string>(folder));   // of another type: as if it were not there
        Assert.NotNull(stored.FileOf(folder, "result.json"));
        Assert.Null(stored.FileOf($"../{folder}", "result.json"));
        Assert.Null(stored.Record("sum-0123456789abcdef"));
    }

    private static RunEvent Said(string text) => new() { Time = DateTimeOffset.UtcNow, Kind = RunEventKind.RunFinished, Text = text };
}
