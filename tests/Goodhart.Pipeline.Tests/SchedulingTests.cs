using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class SchedulingTests : TemporaryFolder
{
    [Fact]
    public async Task The_longest_remaining_path_goes_first()
    {
        Sum small = new() { Terms = [], Tag = "small", Cost = 1 };
        Sum big = new() { Terms = [], Tag = "big", Cost = 5 };
        Sum head = new() { Terms = [], Tag = "head of the long chain", Cost = 1 };
        Sum tail = new() { Terms = [head], Tag = "tail", Cost = 10 };
        Recorder recorder = new();
        await NewRunner(observer: recorder).RunAsync([small, big, tail], None);
        Assert.Equal(["head of the long chain", "tail", "big", "small"], recorder.Started);
    }

    [Fact]
    public async Task Side_by_side_each_key_runs_once_and_results_are_the_same()
    {
        Sum graph = Layers(width: 6, depth: 4);
        string alone = await ResultsOf(NewRunner(), graph);

        Directory.Delete(Path.Combine(Folder, "steps"), recursive: true);
        Recorder recorder = new();
        Runner parallel = NewRunner(workers: 4, observer: recorder);
        Assert.Equal(alone, await ResultsOf(parallel, graph));
        Assert.Equal(25, parallel.Executed);
        Assert.Equal(25, recorder.Finished.Count);
        Assert.Equal(25, recorder.Started.Distinct().Count());
    }

    [Fact]
    public async Task Independent_steps_really_run_at_the_same_time()
    {
        using Barrier both = new(2);
        Act Meet(string tag) => new()
        {
            Tag = tag,
            Action = (_, cancel) => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(20), cancel)),
        };
        await NewRunner(workers: 2).RunAsync([Meet("a"), Meet("b")], None);
        Assert.Equal(2, Stored().Length);
    }

    [Theory]
    [InlineData(1, new[] { 4, 4, 4, 4 })]   // one worker: always alone
    [InlineData(2, new[] { 4, 2, 2, 4 })]   // one step, two beside each other, one
    [InlineData(4, new[] { 4, 1, 1, 4 })]
    public async Task A_step_alone_gets_all_threads(int workers, int[] expected)
    {
        Sum first = new() { Terms = [], Tag = "first" };
        Sum left = new() { Terms = [first], Tag = "left", Milliseconds = 50 };
        Sum right = new() { Terms = [first], Tag = "right", Milliseconds = 50 };
        Recorder recorder = new();
        await NewRunner(workers, recorder).RunAsync(new Sum { Terms = [left, right], Tag = "last" }, None);
        Assert.Equal(expected, recorder.Threads);
    }

    [Fact]
    public void Every_step_of_a_large_graph_is_planned_once() =>
        Assert.Equal(701, NewRunner().Plan(Layers(width: 70, depth: 10)).Steps.Count);

    private static Sum Layers(int width, int depth)
    {
        Step<double>[] layer = [.. Enumerable.Range(0, width).Select(i => new Sum { Terms = [], Tag = $"0/{i}" })];
        for (int level = 1; level < depth; level++)
        {
            Step<double>[] below = layer;
            layer = [.. Enumerable.Range(0, width).Select(i => new Sum
            {
                Terms = [below[i], below[(i + 1) % width]], Tag = $"{level}/{i}", Milliseconds = i % 3,
            })];
        }

        return new Sum { Terms = layer, Tag = "top" };
    }

    private async Task<string> ResultsOf(Runner runner, Sum graph)
    {
        await runner.RunAsync(graph, None);
        return string.Join('\n', Stored().Select(name => $"{name} {File.ReadAllText(Path.Combine(Folder, "steps", name, "result.json"))}"));
    }
}
