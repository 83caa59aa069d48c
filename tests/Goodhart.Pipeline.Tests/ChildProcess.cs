using System.Diagnostics;

namespace Goodhart.Pipeline.Tests;

/// <summary>A run in a process of its own, to be killed: this assembly, started with the folder as its argument.</summary>
public static class ChildProcess
{
    /// <summary>Three chains of segments, read by one step; a few milliseconds each.</summary>
    public static Gather Graph { get; } = new()
    {
        Chains = [.. Enumerable.Range(0, 3).Select(chain =>
        {
            SlowSegment segment = new() { Chain = chain, Index = 0 };
            for (int i = 1; i < 8; i++)
            {
                segment = new() { Chain = chain, Index = i, Previous = segment };
            }

            return segment;
        })],
    };

    public static int Main(string[] arguments)
    {
        Runner runner = new(new RunnerOptions { Directory = arguments[0], Workers = 2, Threads = 2 });
        runner.RunAsync(Graph, CancellationToken.None).GetAwaiter().GetResult();
        return 0;
    }

    public static Process Start(string folder) => Process.Start(new ProcessStartInfo
    {
        FileName = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        ArgumentList = { "exec", typeof(ChildProcess).Assembly.Location, folder },
        RedirectStandardError = true,
    })!;
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

    protected override Task<double[]> RunAsync(StepContext context, CancellationToken cancel) =>
        Task.FromResult(Chains.Select(context.Get).ToArray());
}
