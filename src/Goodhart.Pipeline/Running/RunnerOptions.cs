namespace Goodhart.Pipeline;

/// <summary>Where and how a runner works.</summary>
/// <remarks>Nothing here changes a result, but for <see cref="NumericsVersion"/>, which is part of the keys.</remarks>
public sealed record RunnerOptions
{
    /// <summary>The study's folder: artifacts go to <c>steps/</c>, events to <c>events.jsonl</c>.</summary>
    public required string Directory { get; init; }

    /// <summary>Steps that may run side by side.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Compute threads of the machine, shared by the steps that run side by side.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Version of the engine's kernels; empty where no step computes with them.</summary>
    public string NumericsVersion { get; init; } = "";

    /// <summary>Noted in each artifact.</summary>
    public string Machine { get; init; } = Environment.MachineName;

    /// <summary>Bound on the results kept in memory, bytes of JSON.</summary>
    public long CacheBytes { get; init; } = 64 << 20;

    public StepServices Services { get; init; } = new();

    public IRunObserver? Observer { get; init; }

    /// <summary>Told what a user should know of the run itself, a line each; null: nobody is.</summary>
    public Action<string>? Note { get; init; }
}
