using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class StoreTests : TemporaryFolder
{
    private sealed record Numbers(double[] Values, string Text, DayOfWeek Day, Dictionary<string, double> Named);

    private static readonly double[] Hard =
        [0.1, 1.0 / 3, -0.0, double.Epsilon, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    private sealed record Measure : Step<Numbers>
    {
        protected override Task<Numbers> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult(new Numbers(
            Hard, "β → \"x\"", DayOfWeek.Friday, new() { ["kl/exact"] = 0.30000000000000004 }));
    }

    private sealed class Lossy
    {
        public double Kept { get; init; } = 1;

        public double Forgotten { get; private set; } = 2;

        public static Lossy Changed() => new() { Forgotten = 3 };
    }

    private sealed record Forgetful : Step<Lossy>
    {
        protected override Task<Lossy> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult(Lossy.Changed());
    }

    [Fact]
    public async Task Results_come_back_bit_for_bit()
    {
        Numbers made = await NewRunner().RunAsync(new Measure(), None);
        Numbers read = NewRunner().Read(new Measure());
        Assert.Equal(Hard.Select(BitConverter.DoubleToInt64Bits), made.Values.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(Hard.Select(BitConverter.DoubleToInt64Bits), read.Values.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(("β → \"x\"", DayOfWeek.Friday, 0.30000000000000004), (read.Text, read.Day, read.Named["kl/exact"]));
    }

    [Fact]
    public async Task A_result_that_JSON_would_lose_fails_at_once_and_not_on_resume()
    {
        StepFailedException failure = await Assert.ThrowsAsync<StepFailedException>(() => NewRunner().RunAsync(new Forgetful(), None));
        Assert.Contains("Lossy does not come back from JSON as it was", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Stored());
    }

    [Theory]
    [InlineData("result.json", "{\"torn", true)]
    [InlineData("result.json", "\"text\"", true)]
    [InlineData("step.json", "", true)]
    [InlineData("step.json", "", false)]
    public async Task A_damaged_artifact_is_named_with_the_remedy(string file, string content, bool exists)
    {
        Constant step = new(1);
        Runner runner = NewRunner();
        await runner.RunAsync(step, None);
        string path = Path.Combine(runner.DirectoryOf(step), file);
        if (exists)
        {
            File.WriteAllText(path, content);
        }
        else
        {
            File.Delete(path);
        }

        InvalidDataException damage = await Assert.ThrowsAsync<InvalidDataException>(() => NewRunner().RunAsync(step, None));
        Assert.Contains($"The artifact {runner.DirectoryOf(step)} is damaged ({file}", damage.Message, StringComparison.Ordinal);
        Assert.EndsWith("Delete this folder and run the same command again: it is then made anew.", damage.Message);

        Directory.Delete(runner.DirectoryOf(step), recursive: true);
        Assert.Equal(1, await NewRunner().RunAsync(step, None));
    }

    [Fact]
    public void What_was_never_computed_is_not_called_damaged()
    {
        InvalidDataException absent = Assert.Throws<InvalidDataException>(() => NewRunner().Read(new Constant(1)));
        Assert.Equal($"There is no artifact {NewRunner().DirectoryOf(new Constant(1))} yet. Run the study first.", absent.Message);
        Assert.Null(NewRunner().RecordOf(new Constant(1)));
    }

    [Fact]
    public async Task A_result_of_another_shape_is_not_read_as_if_it_fitted()
    {
        await NewRunner().RunAsync(new Measure(), None);
        string path = Path.Combine(NewRunner().DirectoryOf(new Measure()), "result.json");
        string other = File.ReadAllText(path).Replace("text", "titl", StringComparison.Ordinal);
        File.WriteAllText(path, other);   // same length, so only the reader can tell
        Assert.Throws<InvalidDataException>(() => NewRunner().Read(new Measure()));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_removed_and_done_again()
    {
        Constant step = new(1);
        string partial = Directory.CreateDirectory(NewRunner().DirectoryOf(step) + ".partial-12345678").FullName;
        File.WriteAllText(Path.Combine(partial, "result.json"), "99");

        Assert.Equal(1, await NewRunner().RunAsync(step, None));
        Assert.Equal([Path.GetFileName(NewRunner().DirectoryOf(step))], Stored());
    }

    [Fact]
    public async Task A_step_may_not_write_the_files_of_the_store()
    {
        Act step = new()
        {
            Tag = "x",
            Action = (context, _) => File.WriteAllText(Path.Combine(context.OutputDirectory, "result.json"), "1"),
        };
        StepFailedException failure = await Assert.ThrowsAsync<StepFailedException>(() => NewRunner().RunAsync(step, None));
        Assert.Contains("A step may not write result.json", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_cannot_share_a_folder()
    {
        Act nested = new() { Tag = "nested", Action = (_, _) => NewRunner().RunAsync(new Constant(1), None).GetAwaiter().GetResult() };
        StepFailedException failure = await Assert.ThrowsAsync<StepFailedException>(() => NewRunner().RunAsync(nested, None));
        Assert.Contains($"{Folder} is in use by another run.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, await NewRunner().RunAsync(new Constant(1), None));   // released afterwards
    }

    [Fact]
    public async Task The_lock_file_of_a_dead_process_is_no_obstacle()
    {
        File.WriteAllText(Path.Combine(Folder, ".lock"), "");
        Assert.Equal(1, await NewRunner().RunAsync(new Constant(1), None));
    }

    [Fact]
    public async Task Results_beyond_the_cache_are_read_again()
    {
        Runner runner = new(new RunnerOptions { Directory = Folder, CacheBytes = 10 });
        Constant[] steps = [.. Enumerable.Range(0, 20).Select(i => new Constant(i))];
        Assert.Equal(190, await runner.RunAsync(new Sum { Terms = steps }, None));
        Assert.Equal(steps.Select(step => step.Value), steps.Select(runner.Read));
    }
}
