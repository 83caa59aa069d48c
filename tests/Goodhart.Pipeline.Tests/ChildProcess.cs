using System.Diagnostics;
using System.Globalization;

namespace Goodhart.Pipeline.Tests;

/// <summary>A run in a process of its own, to be killed: this assembly, started with the folder as its argument.</summary>
public static class ChildProcess
{
    /// <summary>Three chains of segments, a few milliseconds each, and lines beside them; all read by one step.</summary>
    public static Gather Graph { get; } = new()
    {
        Chains = [.. Enumerable.Range(0, 3).Select(chain =>
        {
            SlowSegment segment = new() { Chain = chain, Index = 0 };
            for (int i = 1; i < 10; i++)
            {
                segment = new() { Chain = chain, Index = i, Previous = segment };
            }

            return segment;
        })],
        Lines = new WriteLines { Items = 1500, Milliseconds = 1 },
    };

    public const int Refused = 3;

    private const string Worker = "worker";
    private const string Parent = "parent";

    /// <param name="arguments">
    /// A worker, or the parent of some, with folder and graph; or the folder, and how many milliseconds after the start of its third step
    /// the process kills itself.
    /// </param>
    public static int Main(string[] arguments) => arguments[0] switch
    {
        Worker => Serve(arguments[1], arguments[2]).GetAwaiter().GetResult(),
        Parent => Employ(arguments[1], arguments[2]).GetAwaiter().GetResult(),
        _ => Live(arguments),
    };

    /// <summary>Steps as tasks of worker processes.</summary>
    public static TaskExecution Local(string folder, string graph, LocalOptions? options = null, int gpus = 0)
    {
        string[] command = [Host, "exec", typeof(ChildProcess).Assembly.Location, Worker, folder, graph];
        return new TaskExecution(
            new LocalExecutor((options ?? Places) with { Server = command }),
            new TaskTemplate(new TaskResources(Threads: 1, MemoryBytes: 1, gpus), [Host], []));
    }

    /// <summary>Two places.</summary>
    public static LocalOptions Places { get; } = new() { Server = [], Workers = 2, Threads = 2, MemoryBytes = 100 };

    /// <summary>A process with workers.</summary>
    public static Process StartParent(string folder, string graph) =>
        Process.Start(Host, ["exec", typeof(ChildProcess).Assembly.Location, Parent, folder, graph]);

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static async Task<int> Serve(string folder, string graph)
    {
        IReadOnlyList<Step> targets = WorkerGraphs.Of(graph, folder);
        Runner runner = new(folder);
        using StreamReader requests = new(Console.OpenStandardInput());
        await StepServer.ServeAsync(requests, Console.Out, Run, CancellationToken.None);
        return 0;

        async Task<StepReply> Run(string step, int threads, CancellationToken cancel)
        {
            try
            {
                StepOutcome outcome = await runner.RunStepAsync(targets, step, cancel, threads);
                return new StepReply(step, (int)(outcome.NotReady ? StepExit.NotReady : StepExit.Done), null);
            }
            catch (StepBusyException busy)
            {
                return new StepReply(step, (int)StepExit.NotReady, busy.Message);
            }
            catch (OperationCanceledException)
            {
                return new StepReply(step, (int)StepExit.Interrupted, null);
            }
            catch (StepFailedException failure)
            {
                return new StepReply(step, (int)StepExit.Failed, failure.InnerException!.Message);
            }
        }
    }

    private static async Task<int> Employ(string folder, string graph)
    {
        await new Runner(folder).RunTasksAsync(WorkerGraphs.Of(graph, folder), Local(folder, graph), CancellationToken.None);
        return 0;
    }

    private static int Live(string[] arguments)
    {
        SelfKill killer = new(int.Parse(arguments[1], CultureInfo.InvariantCulture));
        Runner runner = new(new RunnerOptions { Directory = arguments[0], Workers = 2, Threads = 2, Observer = killer });
        try
        {
            runner.RunAsync(Graph, CancellationToken.None).GetAwaiter().GetResult();
            return 0;
        }
        catch (IOException refusal) when (refusal.Message.Contains("is in use by another run", StringComparison.Ordinal))
        {
            return Refused;
        }
    }

    public static Process Start(string folder, int millisecondsToLive) => Process.Start(
        Host,
        ["exec", typeof(ChildProcess).Assembly.Location, folder, millisecondsToLive.ToString(CultureInfo.InvariantCulture)]);
}

/// <summary>kill -9 from within: on a busy machine a killer outside would come too late.</summary>
public sealed class SelfKill(int milliseconds) : Recorder
{
    public override void StepStarted(PlannedStep step, int threads)
    {
        base.StepStarted(step, threads);
        if (Started.Count == 3)
        {
            new Thread(() =>
            {
                Thread.Sleep(milliseconds);
                Process.GetCurrentProcess().Kill();   // SIGKILL: no handler runs
            }).Start();
        }
    }
}

public sealed record SlowSegment : Step<double>
{
    public required int Chain { get; init; }

    public required int Index { get; init; }

    public SlowSegment? Previous { get; init; }

    public override IReadOnlyList<string> DisposableFiles => ["state"];

    public override IReadOnlyList<FileNeed> Needs => Previous is null ? [] : [new(Previous, "state")];

    protected override Task<double> RunAsync(StepContext context, CancellationToken cancel)
    {
        byte[] state = Previous is null ? new byte[100_000] : File.ReadAllBytes(context.FileOf(Previous, "state"));
        for (int i = 0; i < state.Length; i++)
        {
            state[i] = (byte)((state[i] * 31) + Chain + Index + i);
        }

        Thread.Sleep(15);
        File.WriteAllBytes(Path.Combine(context.OutputDirectory, "weights"), state);
        File.WriteAllBytes(Path.Combine(context.OutputDirectory, "state"), state);
        return Task.FromResult(state.Sum(b => b / 3.0));
    }
}

public sealed record Gather : Step<double[]>
{
    public required SlowSegment[] Chains { get; init; }

    public required WriteLines Lines { get; init; }

    protected override Task<double[]> RunAsync(StepContext context, CancellationToken cancel) =>
        Task.FromResult<double[]>([.. Chains.Select(context.Get), context.Get(Lines)]);
}
