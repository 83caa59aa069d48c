using System.Globalization;
using Goodhart.Pipeline;
using Goodhart.Pipeline.Slurm;
using Goodhart.Steps.Rows;
using Goodhart.Text;
using Spectre.Console;

namespace Goodhart.Cli.Planning;

/// <summary>The job table of a study on a Slurm cluster: what would be submitted, and about what it takes.</summary>
/// <param name="Rows">A call of sbatch each, after those that it waits for.</param>
/// <param name="LimitSeconds">Of one step; null: the partition's.</param>
/// <param name="GpuHours">If a GPU is as fast as what the estimate of time is from; null where there is none.</param>
internal sealed record JobPlan(IReadOnlyList<JobRow> Rows, double? LimitSeconds, double? GpuHours)
{
    /// <param name="tasks">Of the plan.</param>
    /// <param name="flopsPerSecond">That a step makes.</param>
    public static JobPlan Of(SlurmOptions options, IReadOnlyList<StepTask> tasks, Plan plan, double? flopsPerSecond)
    {
        // Data are read by whoever submits: the rest of the graph depends on them.
        HashSet<string> read = [.. plan.Steps.Where(step => step.Step is TokenizeRows).Select(step => step.Folder)];
        JobRow[] rows =
        [
            .. SlurmExecutor.Plan(options, [.. tasks.Where(task => !read.Contains(task.Id))]).Select(array => new JobRow(
                array.Number, array.Kind, array.Steps, array.After, array.LargestFlops / flopsPerSecond, array.Megabytes, array.Gpus,
                array.Flops / flopsPerSecond / 3600 * array.Gpus)),
        ];
        return new JobPlan(rows, options.Time?.TotalSeconds, rows.Any(row => row.Gpus > 0) ? rows.Sum(row => row.GpuHours) : null);
    }

    public void Write(IAnsiConsole console)
    {
        if (Rows.Count == 0)
        {
            console.WriteLine("everything is stored: no job is left to submit.");
            return;
        }

        Table table = Ansi.Table("job", "steps", "each a", "after", "time each", "memory", "GPUs", "GPU hours");
        foreach (JobRow row in Rows)
        {
            table.AddText(
                Number(row.Number), Number(row.Steps), row.Kind, After(row.After), Time(row.SecondsEach),
                string.Create(CultureInfo.InvariantCulture, $"{row.Megabytes / 1024.0:0.0} GiB"), Number(row.Gpus), Hours(row.GpuHours));
        }

        table.AddText(
            "in all", Number(Rows.Sum(row => row.Steps)), "", "", Time(Rows.Sum(row => row.SecondsEach * row.Steps)), "", "",
            Hours(GpuHours));
        console.Write(table);
        console.WriteLine(
            $"{Quantity.Of(Rows.Count, "call")} of sbatch; times are estimates from this machine's speed; nothing was submitted.");
        if (Rows.Where(row => row.SecondsEach > LimitSeconds).MaxBy(row => row.SecondsEach) is { } slow)
        {
            console.WriteLine(
                $"{slow.Kind} is expected to take longer than slurm.time allows: raise it, unless the nodes are that much faster.");
        }
    }

    /// <summary>The last few, where many are waited for.</summary>
    private static string After(IReadOnlyList<int> numbers) =>
        (numbers.Count > 4 ? "…, " : "") + string.Join(", ", numbers.Order().TakeLast(4).Select(Number));

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Time(double? seconds) => seconds is { } known ? TimeLeft.Text(TimeSpan.FromSeconds(known)) : "";

    private static string Hours(double? hours) => hours is > 0 ? hours.Value.ToString("0.00", CultureInfo.InvariantCulture) : "";
}

/// <param name="After">Numbers of the rows that it waits for.</param>
/// <param name="SecondsEach">Of its largest step, about; null where no speed is known.</param>
/// <param name="Megabytes">Memory of one step, MiB.</param>
/// <param name="Gpus">Of one step.</param>
/// <param name="GpuHours">Of all its steps.</param>
internal sealed record JobRow(
    int Number, string Kind, int Steps, IReadOnlyList<int> After, double? SecondsEach, long Megabytes, int Gpus, double? GpuHours);
