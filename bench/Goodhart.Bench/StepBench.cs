using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Goodhart.Pipeline;
using Goodhart.Pipeline.Tests;

namespace Goodhart.Bench;

/// <summary>What the engine itself takes of a step that does nothing: planning, leases, storing, events.</summary>
[Config(typeof(Patient))]
public class StepBench
{
    /// <summary>First argument of a process of this program that is a worker; the folder follows.</summary>
    public const string Worker = "worker";

    private const int Steps = 1000;

    private string folder = "";

    [IterationSetup]
    public void Create() => folder = Directory.CreateTempSubdirectory("goodhart-steps").FullName;

    [IterationCleanup]
    public void Remove() => Directory.Delete(folder, recursive: true);

    /// <summary>Milliseconds of one step, one process.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Steps)]
    public Task OneProcess() =>
        new Runner(new RunnerOptions { Directory = folder, Threads = 2, Workers = 2 }).RunAsync(Graph(), CancellationToken.None);

    /// <summary>The same in worker processes, with their start.</summary>
    [Benchmark(OperationsPerInvoke = Steps)]
    public Task WorkerProcesses()
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] server = [host, "exec", typeof(StepBench).Assembly.Location, Worker, folder];
        LocalExecutor executor = new(new LocalOptions { Server = server, Workers = 2, Threads = 2, MemoryBytes = 2 });
        return new Runner(folder).RunTasksAsync(
            Graph(), new TaskExecution(executor, new TaskTemplate(new TaskResources(Threads: 1, MemoryBytes: 1, Gpus: 0), ["dotnet"], [])),
            CancellationToken.None);
    }

    /// <summary>Runs what its parent names.</summary>
    public static async Task ServeAsync(string folder)
    {
        Step[] graph = Graph();
        Runner runner = new(folder);
        using StreamReader requests = new(Console.OpenStandardInput());
        await StepServer.ServeAsync(
            requests,
            Console.Out,
            async (step, threads, cancel) =>
            {
                StepOutcome outcome = await runner.RunStepAsync(graph, step, cancel, threads);
                return new StepReply(step, (int)(outcome.NotReady ? StepExit.NotReady : StepExit.Done), null);
            },
            CancellationToken.None);
    }

    /// <summary>In this process, since workers are started from it; and however long it takes.</summary>
    private sealed class Patient : ManualConfig
    {
        public Patient() => AddJob(Job.Default.WithStrategy(RunStrategy.Monitoring).WithWarmupCount(1).WithIterationCount(3)
            .WithToolchain(new InProcessNoEmitToolchain(TimeSpan.FromHours(1), logOutput: false)));
    }

    /// <summary>Ten layers, each step of which reads two of the layer before.</summary>
    private static Step[] Graph()
    {
        const int width = Steps / 10;
        Sum[] layer = [.. Enumerable.Range(0, width).Select(i => new Sum { Terms = [], Tag = $"0/{i}" })];
        for (int level = 1; level < 10; level++)
        {
            Sum[] below = layer;
            layer =
            [
                .. Enumerable.Range(0, width).Select(i => new Sum { Terms = [below[i], below[(i + 1) % width]], Tag = $"{level}/{i}" }),
            ];
        }

        return layer;
    }
}
