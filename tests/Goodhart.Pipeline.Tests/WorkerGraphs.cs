using System.Diagnostics;
using System.Globalization;

namespace Goodhart.Pipeline.Tests;

/// <summary>Graphs that a worker process makes again from their names.</summary>
public static class WorkerGraphs
{
    public const string Calm = "calm";
    public const string Deadly = "deadly";
    public const string Failing = "failing";
    public const string Waiting = "waiting";
    public const string Pair = "pair";
    public const string Many = "many";

    /// <param name="folder">The study's.</param>
    public static IReadOnlyList<Step> Of(string name, string folder)
    {
        Marks marks = new(Path.Combine(folder, "marks"));
        return name switch
        {
            Calm => [ChildProcess.Graph],
            Deadly => Around(new Deadly { Marks = marks }),
            Failing => Around(new Failing { Marks = marks }),
            Waiting => Around(new Waiting { Marks = marks }),
            Pair => [.. Enumerable.Range(0, 2).Select(place => new Meeting { Place = place, Marks = marks })],
            Many => [Layered(width: 100, layers: 9)],
            _ => throw new ArgumentException($"no graph {name}"),
        };
    }

    /// <summary>Two steps that need the bad one, one after the other, and three that do not.</summary>
    private static Sum[] Around(Step<double> bad)
    {
        Sum child = new() { Terms = [bad, new Constant(1)], Tag = "child" };
        return
        [
            new Sum { Terms = [child], Tag = "grandchild" }, new Sum { Terms = [new Constant(2), new Constant(3)], Tag = "other" },
            new Sum { Terms = [new Constant(2)], Tag = "another" },
        ];
    }

    /// <summary>Every step reads two of the layer before; one reads the last layer.</summary>
    private static Sum Layered(int width, int layers)
    {
        Step<double>[] layer = [.. Enumerable.Range(0, width).Select(place => new Constant(place))];
        for (int i = 0; i < layers; i++)
        {
            Step<double>[] before = layer;
            layer =
            [
                .. Enumerable.Range(0, width).Select(place => new Sum
                {
                    Terms = [before[place], before[(place + 1) % width]],
                    Tag = string.Create(CultureInfo.InvariantCulture, $"{i}-{place}"),
                }),
            ];
        }

        return new Sum { Terms = layer, Tag = "all" };
    }
}

/// <summary>Files beside a study by which processes know of each other.</summary>
public sealed record Marks(string Folder)
{
    public bool Has(string name) => File.Exists(PathOf(name));

    public string Read(string name) => File.ReadAllText(PathOf(name));

    public void Set(string name, string text = "")
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(PathOf(name) + ".new", text);
        File.Move(PathOf(name) + ".new", PathOf(name), overwrite: true);
    }

    public void Clear(string name) => File.Delete(PathOf(name));

    public async Task<string> WaitFor(string name)
    {
        for (long start = Stopwatch.GetTimestamp(); !Has(name); await Task.Delay(10))
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(5))
            {
                throw new TimeoutException($"no mark {name}");
            }
        }

        return Read(name);
    }

    private string PathOf(string name) => Path.Combine(Folder, name);
}

/// <summary>A step that says who runs it.</summary>
public abstract record Marking : Step<double>
{
    public const string Pid = "pid";

    [NotInKey] public required Marks Marks { get; init; }

    public override string Label => "bad";

    /// <summary>Ahead of all others.</summary>
    public override double EstimatedCost => 100;

    protected void Announce() => Marks.Set(Pid, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Kills its process as long as there is a mark that says so.</summary>
public sealed record Deadly : Marking
{
    public const string Lethal = "lethal";
    public const string Once = "once";

    protected override Task<double> RunAsync(StepContext context, CancellationToken cancel)
    {
        Announce();
        File.WriteAllText(Path.Combine(context.OutputDirectory, "half"), "written");
        if (Marks.Has(Lethal) || Marks.Has(Once))
        {
            Marks.Clear(Once);
            Console.Error.WriteLine("about to die");
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }

        return Task.FromResult(4.0);
    }
}

/// <summary>Fails by itself as long as there is a mark that says so.</summary>
public sealed record Failing : Marking
{
    public const string Broken = "broken";

    protected override Task<double> RunAsync(StepContext context, CancellationToken cancel) => Marks.Has(Broken)
        ? throw new InvalidOperationException("the loss is NaN")
        : Task.FromResult(4.0);
}

/// <summary>Waits for a mark, or for the end.</summary>
public sealed record Waiting : Marking
{
    public const string Go = "go";

    protected override async Task<double> RunAsync(StepContext context, CancellationToken cancel)
    {
        Announce();
        context.Report(new ProgressReport(0.5, "half way"));
        while (!Marks.Has(Go))
        {
            await Task.Delay(10, cancel);
        }

        return 4;
    }
}

/// <summary>Two of them run side by side or never end; each tells the GPU that it sees.</summary>
public sealed record Meeting : Step<string>
{
    public required int Place { get; init; }

    [NotInKey] public required Marks Marks { get; init; }

    protected override async Task<string> RunAsync(StepContext context, CancellationToken cancel)
    {
        Marks.Set($"here {Place}");
        await Marks.WaitFor($"here {1 - Place}");
        return Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") ?? "none";
    }
}
