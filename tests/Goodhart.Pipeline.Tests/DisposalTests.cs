using Xunit;

namespace Goodhart.Pipeline.Tests;

/// <summary>A training run as a chain of segments, each handing weights and optimizer state on.</summary>
public sealed record Segment : Step<string>
{
    public required int Index { get; init; }

    public Segment? Previous { get; init; }

    [NotInKey] public string Noise { get; init; } = "";

    public override string Label => $"segment {Index}";

    public override IReadOnlyList<string> DisposableFiles => ["optimizer"];

    public override IReadOnlyList<FileNeed> Needs => Previous is null ? [] : [new(Previous, "optimizer/moments")];

    public static Segment Chain(int length, string noise = "")
    {
        Segment segment = new() { Index = 1, Noise = noise };
        for (int i = 2; i <= length; i++)
        {
            segment = new() { Index = i, Previous = segment, Noise = noise };
        }

        return segment;
    }

    protected override Task<string> RunAsync(StepContext context, CancellationToken cancel)
    {
        string state = Previous is null ? "" : File.ReadAllText(context.FileOf(Previous, "optimizer/moments"));
        Directory.CreateDirectory(Path.Combine(context.OutputDirectory, "optimizer"));
        File.WriteAllText(Path.Combine(context.OutputDirectory, "optimizer/moments"), state + Index + Noise);
        File.WriteAllText(Path.Combine(context.OutputDirectory, "weights"), $"weights {Index}{Noise}");
        return Task.FromResult($"at {Index} after '{state}'");
    }
}

public sealed class DisposalTests : TemporaryFolder
{
    [Fact]
    public async Task Only_the_last_segment_keeps_its_optimizer_state()
    {
        Runner runner = NewRunner();
        Segment last = Segment.Chain(3);
        await runner.RunAsync(last, None);

        Assert.True(File.Exists(Moments(runner, last)));
        Assert.False(File.Exists(Moments(runner, last.Previous!)));
        Assert.True(File.Exists(Path.Combine(runner.DirectoryOf(last.Previous!), "weights")));
        Assert.Equal(["optimizer/moments"], runner.RecordOf(last.Previous!)!.Pruned);

        await NewRunner().RunAsync(last, None);   // an artifact without its disposable file is whole
        Assert.Equal(3, runner.Executed);
    }

    [Fact]
    public async Task A_longer_run_continues_from_the_state_that_was_kept()
    {
        await NewRunner().RunAsync(Segment.Chain(3), None);
        Runner runner = NewRunner();
        Assert.Equal("at 4 after '123'", await runner.RunAsync(Segment.Chain(4), None));
        Assert.Equal(1, runner.Executed);
        Assert.False(File.Exists(Moments(runner, Segment.Chain(3))));
    }

    [Fact]
    public async Task A_step_that_needs_a_deleted_file_has_it_made_again()
    {
        Runner first = NewRunner();
        await first.RunAsync(Segment.Chain(3), None);
        Directory.Delete(first.DirectoryOf(Segment.Chain(3)), recursive: true);

        Runner runner = NewRunner();
        Assert.Equal(
            [StepState.ToRestore, StepState.ToRestore, StepState.ToRun], runner.Plan(Segment.Chain(3)).Steps.Select(step => step.State));
        Assert.Equal("at 3 after '12'", await runner.RunAsync(Segment.Chain(3), None));
        Assert.Equal(3, runner.Executed);
        Assert.False(File.Exists(Moments(runner, Segment.Chain(2))));   // and goes again
        Assert.Equal(3, Stored().Length);
    }

    [Fact]
    public async Task Other_bits_on_making_it_again_are_refused()
    {
        Runner first = NewRunner();
        await first.RunAsync(Segment.Chain(2), None);
        Directory.Delete(first.DirectoryOf(Segment.Chain(2)), recursive: true);

        StepFailedException failure = await Assert.ThrowsAsync<StepFailedException>(
            () => NewRunner().RunAsync(Segment.Chain(2, noise: "!"), None));
        Assert.Contains("again gave other bytes", failure.Message, StringComparison.Ordinal);
        Assert.Equal("weights 1", File.ReadAllText(Path.Combine(first.DirectoryOf(Segment.Chain(1)), "weights")));
    }

    [Fact]
    public async Task A_file_stays_while_another_step_of_the_plan_needs_it()
    {
        Segment one = Segment.Chain(1);
        Segment two = Segment.Chain(2);
        Segment branch = new() { Index = 9, Previous = Segment.Chain(1) };
        Assert.Equal(["at 2 after '1'", "at 9 after '1'"], await Both());
        Assert.False(File.Exists(Moments(NewRunner(), one)));

        async Task<string[]> Both()
        {
            Runner runner = NewRunner();
            await runner.RunAsync([two, branch], None);
            Assert.Equal(3, runner.Executed);
            return [runner.Read(two), runner.Read(branch)];
        }
    }

    [Fact]
    public async Task What_a_killed_run_did_not_delete_goes_at_the_next_start()
    {
        await NewRunner().RunAsync(Segment.Chain(1), None);
        File.Copy(Moments(NewRunner(), Segment.Chain(1)), Path.Combine(Folder, "kept"));
        await NewRunner().RunAsync(Segment.Chain(2), None);

        // As if the process had been killed after storing segment 2, before deleting anything of segment 1.
        string record = Path.Combine(NewRunner().DirectoryOf(Segment.Chain(1)), "step.json");
        File.WriteAllText(record, File.ReadAllText(record).Replace("\"optimizer/moments\"\n  ]", "]", StringComparison.Ordinal));
        File.Move(Path.Combine(Folder, "kept"), Moments(NewRunner(), Segment.Chain(1)));
        Assert.Empty(NewRunner().RecordOf(Segment.Chain(1))!.Pruned);

        await NewRunner().RunAsync(Segment.Chain(2), None);
        Assert.False(File.Exists(Moments(NewRunner(), Segment.Chain(1))));
    }

    private static string Moments(Runner runner, Segment segment) => Path.Combine(runner.DirectoryOf(segment), "optimizer", "moments");
}
