using Goodhart.GpuCheck.Cases;
using Goodhart.GpuCheck.Processes;
using Xunit;

namespace Goodhart.GpuCheck.Tests;

/// <summary>What becomes of the cases where their process dies.</summary>
public sealed class CaseWatchTests
{
    private static readonly IReadOnlyList<CheckCase> Rows = CheckCase.Of([typeof(CaseTests.Sample)]);

    private readonly CaseWatch watch = new(Rows, [0, 1, 2, 3]);
    private readonly List<int[]> started = [];

    [Fact]
    public async Task A_process_that_dies_costs_its_case_and_the_rest_go_on()
    {
        await watch.Run(
            left =>
            {
                started.Add([.. left]);
                Begin(left[0]);
                if (left[0] != 1)
                {
                    End(left[0], null);
                    Begin(left[1]);
                }

                return Task.FromResult(new ChildEnd(134, [], ["device-side assert"]));
            },
            TimeSpan.FromMinutes(1));
        Assert.Equal([[0, 1, 2, 3], [2, 3]], started);
        Assert.Equal(2, watch.Passed);
        Assert.Equal(
            new[] { 1, 3 }.Select(i => $"{Rows[i].Name}: its process ended with code 134: device-side assert"), watch.Failures);
    }

    [Fact]
    public async Task A_failure_is_told_and_the_process_goes_on()
    {
        await watch.Run(
            left =>
            {
                foreach (int place in left)
                {
                    Begin(place);
                    End(place, place == 2 ? "element 3: expected 1, got 2" : null);
                }

                watch.Hear("a line that somebody else printed");
                return Task.FromResult(new ChildEnd(0, [], []));
            },
            TimeSpan.FromMinutes(1));
        Assert.Equal(3, watch.Passed);
        Assert.Equal([$"{Rows[2].Name}: element 3: expected 1, got 2"], watch.Failures);
    }

    [Fact]
    public async Task A_process_that_does_nothing_is_not_started_for_ever()
    {
        await watch.Run(_ => Task.FromResult(new ChildEnd(2, [], ["error: no libtorch"])), TimeSpan.FromMinutes(1));
        Assert.Equal(["the process ended with code 2 before any case: error: no libtorch"], watch.Failures);
    }

    [Fact]
    public async Task What_time_cut_off_is_neither_passed_nor_failed()
    {
        await watch.Run(
            left =>
            {
                Begin(left[0]);
                Thread.Sleep(30);
                return Task.FromResult(new ChildEnd(null, [], []));
            },
            TimeSpan.FromMilliseconds(20));
        Assert.Equal((0, 0), (watch.Passed, watch.Failures.Count));
    }

    [Fact]
    public async Task A_child_says_its_lines_and_is_ended_where_it_is_silent()
    {
        List<string> heard = [];
        ChildEnd end = await Child.Run(
            ["/bin/sh", "-c", "echo one; echo wrong >&2; exit 4"], TimeSpan.FromMinutes(1), line: heard.Add);
        Assert.Equal(("one", 4, "wrong"), (heard.Single(), end.Code, end.LastWords));
        end = await Child.Run(["/bin/sh", "-c", "echo one; sleep 60"], TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(200));
        Assert.Equal((null, "took too long and was ended"), (end.Code, end.Reason));
    }

    private void Begin(int place) => watch.Hear(new CaseMessage(place, null, null).Line);

    private void End(int place, string? fault) => watch.Hear(new CaseMessage(place, 0.1, fault).Line);
}
