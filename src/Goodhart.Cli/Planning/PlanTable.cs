using System.Globalization;
using System.Text.Json.Serialization;
using Goodhart.Engine;
using Goodhart.Pipeline;
using Goodhart.Studies.Running;
using Goodhart.Text;
using Spectre.Console;

namespace Goodhart.Cli.Planning;

/// <summary>A plan by kind of step: what would run, what is stored, and about what it takes.</summary>
/// <param name="Judge">What it is asked at most; null without a judge.</param>
internal sealed record PlanTable(
    IReadOnlyList<PlanRow> Rows, double Flops, double? Seconds, long Bytes, MemoryNeed Memory, StudyJudgeForecast? Judge)
{
    /// <summary>Of one worker, as far as it is known.</summary>
    [JsonIgnore]
    public double? FlopsPerSecond { get; private init; }

    /// <summary>Of a cluster; null where none runs the steps.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobPlan? Jobs { get; init; }

    public static PlanTable Of(Plan plan, MemoryNeed memory, StudyJudgeForecast? judge, Func<int, IDevice> createDevice)
    {
        double? rate = Pace.OfCached(plan) ?? (plan.ToRun.Any() ? Pace.Measured(createDevice) : null);
        // No number of workers makes the run shorter than its longest chain.
        double work = Math.Max(plan.CostToRun / memory.Workers, plan.LongestPath);
        return new PlanTable(
            [
                .. plan.Steps.GroupBy(step => step.Name).Select(kind => new PlanRow(
                    kind.Key,
                    kind.Count(step => step.Runs),
                    kind.Count(step => step.State == StepState.Cached),
                    kind.Where(step => step.Runs).Sum(step => step.Step.EstimatedCost),
                    kind.Where(step => step.Runs).Sum(step => step.Step.EstimatedBytes))),
            ],
            plan.CostToRun,
            rate is { } flops ? work / flops : null,
            plan.BytesToWrite,
            memory,
            judge)
        {
            FlopsPerSecond = rate,
        };
    }

    public void Write(IAnsiConsole console)
    {
        Table table = Ansi.Table("step", "to run", "cached", "TFLOP", "disk");
        foreach (PlanRow row in Rows)
        {
            table.AddText(row.Kind, Number(row.ToRun), Number(row.Cached), Tera(row.Flops), Disk(row.Bytes));
        }

        table.AddText("in all", Number(Rows.Sum(row => row.ToRun)), Number(Rows.Sum(row => row.Cached)), Tera(Flops), Disk(Bytes));
        console.Write(table);
        console.WriteLine(Memory.ToString());
        if (Memory.Adapters is { } adapters)
        {
            console.WriteLine(adapters.ToString());
        }

        if (Judge is not null)
        {
            console.WriteLine(Text(Judge));
        }

        if (Jobs is not null)
        {
            Jobs.Write(console);
            return;
        }

        console.WriteLine(Flops == 0 || Seconds is not { } seconds
            ? "everything is stored: nothing to compute."
            : $"about {TimeLeft.Text(TimeSpan.FromSeconds(seconds))} on this machine; nothing was run.");
    }

    private static string Text(StudyJudgeForecast judge) => judge.StudyCalls == 0
        ? $"judge {judge.Model}: free, it is run here"
        : string.Create(
        CultureInfo.InvariantCulture,
        $"judge {judge.Model}: at most {Quantity.Of(judge.Calls, "call", format: "N0")} to make ({judge.StudyCalls:N0} in the whole "
            + $"study), about {judge.InputTokens:N0} tokens in, at most {judge.OutputTokens:N0} out, ")
        + (judge.Cost is { } cost
            ? string.Create(CultureInfo.InvariantCulture, $"at most ${cost:0.00##}")
            : "cost unknown (judge.priceIn, judge.priceOut)");

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Tera(double flops) => (flops / 1e12).ToString("N2", CultureInfo.InvariantCulture);

    private static string Disk(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB");
}

/// <param name="Kind">The step's name.</param>
/// <param name="Flops">Of the steps to run.</param>
/// <param name="Bytes">That the steps to run will write.</param>
internal sealed record PlanRow(string Kind, int ToRun, int Cached, double Flops, long Bytes);
