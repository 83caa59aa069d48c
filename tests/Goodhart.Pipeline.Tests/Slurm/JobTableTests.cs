using System.Globalization;
using Goodhart.Pipeline.Slurm;
using Xunit;

namespace Goodhart.Pipeline.Tests.Slurm;

/// <summary>How steps become arrays; no Slurm is asked.</summary>
public sealed class JobTableTests
{
    private const int Checkpoints = 5;

    private static readonly SlurmOptions Plain = SlurmOptions.Of(new Dictionary<string, string>());

    private readonly List<StepTask> tasks = [];
    private int made;

    [Fact]
    public void The_grid_of_63_runs_is_a_few_arrays_each_after_those_that_it_waits_for()
    {
        List<string> ends = [];
        foreach (string model in (string[])["S", "M", "L"])
        {
            string sft = Add("sft-segment");
            string scores = Add("reference-scores", sft);
            string start = Add("describe-checkpoint", Add("judge-checkpoint", Add("measure-checkpoint", sft)));
            foreach (int run in Enumerable.Range(0, 21))
            {
                string segment = sft;
                foreach (int checkpoint in Enumerable.Range(0, Checkpoints))
                {
                    segment = Add("preference-segment", checkpoint == 0 ? [sft, scores] : [segment, sft, scores]);
                    string measured = Add("measure-checkpoint", segment, scores);
                    ends.Add(Add("describe-checkpoint", measured, Add("judge-checkpoint", measured), start));
                }
            }
        }

        Add("analyse-study", [.. ends]);
        IReadOnlyList<PlannedArray> table = SlurmExecutor.Plan(Plain, tasks);

        Assert.Equal((3 * (5 + (4 * 21 * Checkpoints))) + 1, table.Sum(array => array.Steps));
        Assert.Equal([1, 3, 21], table.Select(array => array.Steps).Distinct().Order());
        Assert.Equal(3 * Checkpoints, table.Count(array => array is { Kind: "preference-segment", Steps: 21 }));
        Assert.InRange(table.Count, 60, 70);   // three arrays of 21 for each kind and checkpoint, and what comes before the runs
        Assert.All(table, array => Assert.All(array.After, before => Assert.True(before < array.Number)));
        Assert.Equal(3 * Checkpoints, table[^1].After.Count);
    }

    [Fact]
    public void Equal_steps_without_needs_are_one_array_of_at_most_a_thousand()
    {
        for (int i = 0; i < 2001; i++)
        {
            Add("sample");
        }

        Assert.Equal([1000, 1000, 1], SlurmExecutor.Plan(Plain, tasks).Select(array => array.Steps));
    }

    [Fact]
    public void Needs_that_cross_are_cut_until_each_step_waits_for_what_it_needs_and_for_nothing_else()
    {
        string[] a = [.. Enumerable.Range(0, 4).Select(_ => Add("a"))];
        string[] b = [.. Enumerable.Range(0, 4).Select(_ => Add("b"))];
        Add("c", a[0], b[1]);
        Add("c", a[1], b[0]);
        Add("d", a[2], a[3]);
        Add("d", a[2]);
        IReadOnlyList<PlannedArray> table = SlurmExecutor.Plan(Plain, tasks);
        Assert.Equal(["a 4", "b 4", "c 1", "c 1", "d 1", "d 1"], table.Select(array => $"{array.Kind} {array.Steps}").Order());
    }

    [Theory]
    [InlineData("time", "30", 30)]
    [InlineData("time", "90:30", 90.5)]
    [InlineData("time", "4:00:00", 240)]
    [InlineData("time", "1-12", 2160)]
    [InlineData("time", "2-00:30:00", 2910)]
    public void Times_are_read_as_Slurm_reads_them(string key, string value, double minutes) =>
        Assert.Equal(minutes, SlurmOptions.Of(new Dictionary<string, string> { [key] = value }).Time!.Value.TotalMinutes);

    [Theory]
    [InlineData("memory", "32G", 32768)]
    [InlineData("memory", "500M", 500)]
    [InlineData("memory", "2048", 2048)]
    [InlineData("memory", "2048K", 2)]
    public void Memory_is_read_as_Slurm_reads_it(string key, string value, long megabytes) =>
        Assert.Equal(megabytes, SlurmOptions.Of(new Dictionary<string, string> { [key] = value }).MemoryMegabytes);

    [Theory]
    [InlineData("time", "soon", "slurm.time: expected a limit for each step, like 30 (minutes), 4:00:00 or 1-12:00:00, found 'soon'.")]
    [InlineData("time", "0", "slurm.time: expected a limit above zero, found '0'.")]
    [InlineData("memory", "lots", "slurm.memory: expected memory for each step")]
    [InlineData("memory", "1K", "slurm.memory: expected at least 1M")]
    [InlineData("gpus", "a100:", "slurm.gpus: expected a number of GPUs")]
    [InlineData("partition", "a b", "slurm.partition: expected names")]
    [InlineData("options", "--dependency=afterok:1", "found '--dependency=afterok:1'")]
    [InlineData("options", "rm -rf", "found 'rm'")]
    [InlineData("partitoin", "gpu", "slurm.partitoin: unknown. What Slurm is asked for: slurm.partition")]
    public void What_cannot_be_meant_is_refused(string key, string value, string message) => Assert.Contains(
        message,
        Assert.Throws<InvalidDataException>(() => SlurmOptions.Of(new Dictionary<string, string> { [key] = value })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_table_says_what_a_step_asks_for()
    {
        Add("segment");
        PlannedArray plain = SlurmExecutor.Plan(Plain, tasks).Single();
        Assert.Equal((0, (1L << 10) + 256), (plain.Gpus, plain.Megabytes));
        PlannedArray asked = SlurmExecutor.Plan(
            SlurmOptions.Of(new Dictionary<string, string> { ["gpus"] = "a100:2", ["memory"] = "64G" }), tasks).Single();
        Assert.Equal((2, 65536L), (asked.Gpus, asked.Megabytes));
    }

    private string Add(string kind, params string[] needs)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"{kind}-{++made:x16}");
        tasks.Add(new StepTask(id, id, needs, made, new TaskResources(1, 1L << 30, 0), ["goodhart", "step", id]));
        return id;
    }
}
