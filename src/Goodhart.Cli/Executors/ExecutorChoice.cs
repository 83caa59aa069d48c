using Goodhart.Pipeline;
using Goodhart.Pipeline.Slurm;
using Goodhart.Studies.Running;

namespace Goodhart.Cli.Executors;

/// <summary>An executor by the name that users give it: the one place that makes them.</summary>
/// <param name="Name">As <c>--executor</c> and <c>--set NAME.key=value</c> have it.</param>
/// <param name="SharesMachine">
/// Its steps run on this machine: <c>--threads</c> are the machine's, shared by <c>--workers</c>. Elsewhere they are each step's.
/// </param>
internal sealed record ExecutorChoice(string Name, bool SharesMachine, Func<ExecutorRequest, IStepExecutor> Create)
{
    /// <summary>No executor: the runner's own threads.</summary>
    public const string InProcess = "in-process";

    /// <summary>Jobs of a cluster.</summary>
    public const string OfSlurm = "slurm";

    public static IReadOnlyList<ExecutorChoice> All { get; } =
        [new("local", SharesMachine: true, Local), new(OfSlurm, SharesMachine: false, Slurm)];

    private static SlurmExecutor Slurm(ExecutorRequest request) =>
        new(SlurmOptions.Of(request.Settings), request.Retries, request.Note);

    private static LocalExecutor Local(ExecutorRequest request)
    {
        request.RefuseAllBut();
        return new LocalExecutor(new LocalOptions
        {
            Server = [.. request.Template.Program, "step", WorkerOption.Name, .. request.Template.Arguments],
            Workers = request.Memory.Workers,
            Threads = request.Threads,
            MemoryBytes = Math.Max(request.Memory.Usable, request.Memory.Workers * request.Memory.Alone),   // as --over-memory has it
            Gpus = request.Gpus,
            Retries = request.Retries,
        });
    }
}

/// <summary>What an executor is asked for.</summary>
/// <param name="Name">Its own.</param>
/// <param name="Settings">Of <c>--set NAME.key=value</c>, by key.</param>
/// <param name="Retries">Of steps whose process died.</param>
/// <param name="Threads">As <c>--threads</c> says.</param>
/// <param name="Note">Told how things stand with the executor, a line each; null: nobody is.</param>
/// <param name="Gpus">As CUDA_VISIBLE_DEVICES names them; none where steps compute on the host.</param>
internal sealed record ExecutorRequest(
    string Name, IReadOnlyDictionary<string, string> Settings, int Retries, int Threads, IReadOnlyList<string> Gpus, MemoryNeed Memory,
    TaskTemplate Template, Action<string>? Note)
{
    /// <exception cref="InvalidDataException">There are settings of other keys.</exception>
    public void RefuseAllBut(params IReadOnlyList<string> keys)
    {
        if (Settings.Keys.Except(keys).FirstOrDefault() is { } unknown)
        {
            string known = keys.Count == 0 ? "it has no settings" : $"expected {string.Join(", ", keys.Select(key => $"{Name}.{key}"))}";
            throw new InvalidDataException($"--set {Name}.{unknown}={Settings[unknown]}: no such setting of --executor {Name}; {known}.");
        }
    }
}
