using System.Text.Json.Nodes;
using Goodhart.GpuCheck.Parts;
using Goodhart.GpuCheck.Processes;
using Xunit;

namespace Goodhart.GpuCheck.Tests;

/// <summary>What parts say of earlier calls, of time that is over, and of each other.</summary>
public sealed class PartTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-gpucheck-").FullName;

    private CheckSetting Setting => new("torch", Path.Combine(folder, "no-libtorch"), "/bin/false", folder, Shapes: null);

    [Fact]
    public async Task A_study_of_an_earlier_call_is_not_taken_for_this_ones()
    {
        string[] old = [.. new[] { "cpu", "first", "second" }.Select(name => Path.Combine(folder, "study-" + name, "points.csv"))];
        foreach (string points in old)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(points)!);
            await File.WriteAllTextAsync(points, "lossValue\n0.5\n");
        }

        string others = Path.Combine(folder, "study-of-mine");
        Directory.CreateDirectory(others);
        PartResult result = await new StudyPart().Run(Setting, TimeSpan.Zero);
        Assert.All(old, points => Assert.False(File.Exists(points), points));
        Assert.True(Directory.Exists(others));
        Assert.False(result.Passed);
        Assert.Empty(result.Facts);
        Assert.Equal(3, result.Failures.Count);
        Assert.All(result.Failures, line => Assert.Contains("took too long and was ended", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_bench_has_no_time_for_is_told_and_is_no_failure()
    {
        PartResult result = await CheckPart.All.OfType<BenchPart>().Single().Run(Setting, TimeSpan.FromSeconds(-2));
        Assert.Empty(result.Failures);
        Assert.DoesNotContain(result.Facts, line => line.Contains("alike", StringComparison.Ordinal));
        Assert.NotNull(result.Late);
        Assert.Equal(4, result.Late.Count);
        Assert.All(result.Late.Take(2), line => Assert.Contains("took too long and was ended", line, StringComparison.Ordinal));
        Assert.Equal(["bench a dpo f32", "bench a dpo bf16"], result.Late.Skip(2));
    }

    [Fact]
    public async Task A_bench_that_hangs_is_a_failure_and_costs_its_own_time()
    {
        BenchPart hanging = new(["/bin/sh", "-c", "sleep 600"], enough: TimeSpan.FromMilliseconds(20));
        PartResult result = await hanging.Run(Setting, TimeSpan.FromMinutes(2));
        Assert.False(result.Passed);
        Assert.Empty(result.Late!);
        Assert.Equal(
            ["bench --device cpu ", "bench --device torch ", "bench a dpo f32 ", "bench a dpo bf16 "],
            result.Failures.Select(line => line[..(line.IndexOf("took too long", StringComparison.Ordinal))].Split("--libtorch")[0]));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void A_child_that_was_ended_is_late_only_where_it_began_with_too_little(int seconds, bool late)
    {
        BenchTime time = new(TimeSpan.FromSeconds(seconds), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));
        Assert.Equal(late, time.WasShort(new ChildEnd(null, [], [])));
        Assert.False(time.WasShort(new ChildEnd(1, [], [])));
        Assert.Equal(TimeSpan.FromSeconds(seconds), time.Most);
    }

    [Fact]
    public async Task A_child_with_no_time_left_is_ended()
    {
        ChildEnd end = await Child.Run(["/bin/sh", "-c", "sleep 60"], TimeSpan.FromSeconds(-3));
        Assert.Null(end.Code);
    }

    [Fact]
    public void Counts_are_alike_only_where_none_is_unlike()
    {
        JsonArray own = [Row("dpo", 12), Row("sample", 7), Row("sample: decode", 5)];
        (List<string> facts, List<string> failures) = Compared(own, [Row("dpo", 12), Row("sample", 7), Row("sample: decode", 4)]);
        Assert.Equal(["2 kinds of work ran and count alike"], facts);
        Assert.Empty(failures);
        (facts, failures) = Compared(own, [Row("dpo", 13)]);
        Assert.Empty(facts);
        Assert.Equal(
            [
                "bench a dpo: expected tokens 12, items 1, flops 2 as on the cpu, found tokens 13, items 1, flops 2",
                "bench a sample: expected tokens 7, items 1, flops 2 as on the cpu, found no such row",
            ],
            failures);
    }

    [Theory]
    [InlineData(0, "All passed.", true, false)]
    [InlineData(3, "What ran passed; not all ran, for want of time.", true, true)]
    [InlineData(1, "Not all passed.", false, true)]
    public async Task The_exit_code_tells_a_failure_from_a_want_of_time(int code, string last, bool passed, bool late)
    {
        using StringWriter said = new() { NewLine = "\n" };
        Fixed[] parts = [new(passed, []), new(passes: true, late ? ["bench d dpo"] : []), new(passes: true, [])];
        Assert.Equal(code, await CheckRun.Run(Setting, parts, TimeSpan.FromMinutes(1), said, CancellationToken.None));
        string report = await File.ReadAllTextAsync(Path.Combine(folder, "report.md"));
        Assert.Equal(last, report.TrimEnd().Split('\n')[^1]);
        Assert.Equal(late, report.Contains("- NOT RUN bench d dpo", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static (List<string> Facts, List<string> Failures) Compared(JsonArray own, JsonArray other)
    {
        List<string> facts = [];
        List<string> failures = [];
        BenchCounts.Compare(own, other, facts, failures);
        return (facts, failures);
    }

    private static JsonObject Row(string work, int tokens) => new() { ["work"] = work, ["tokens"] = tokens, ["items"] = 1, ["flops"] = 2 };

    private sealed class Fixed(bool passes, IReadOnlyList<string> late) : CheckPart
    {
        public override string Name => "fixed";

        public override double Share => 0.5;

        public override Task<PartResult> Run(CheckSetting setting, TimeSpan most) =>
            Task.FromResult(new PartResult(passes, [], passes ? [] : ["a case"], late));
    }
}
