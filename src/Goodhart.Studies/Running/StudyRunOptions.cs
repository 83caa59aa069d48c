using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Pipeline;

namespace Goodhart.Studies.Running;

/// <summary>Where and on what a study runs. Nothing here changes a result but the device's kernels.</summary>
public sealed record StudyRunOptions
{
    /// <summary>The study's folder; see <see cref="StudyDirectory"/>.</summary>
    public required string Directory { get; init; }

    /// <summary>Compute threads of the machine.</summary>
    public required int Threads { get; init; }

    /// <summary>
    /// Steps side by side: small models run faster one to a thread than one over all threads. Null: one to a thread, as far as memory goes.
    /// </summary>
    public int? Workers { get; init; }

    /// <summary>The processes that steps run in; null: this one, or an executor's elsewhere.</summary>
    public WorkerProcesses? Processes { get; init; }

    /// <summary>Start even if the estimate of memory exceeds the machine's.</summary>
    public bool OverMemory { get; init; }

    /// <summary>What training spends to take less memory.</summary>
    public TrainingMemory TrainingMemory { get; init; } = TrainingMemory.Usual;

    /// <summary>Makes a device with so many threads.</summary>
    public required Func<int, IDevice> CreateDevice { get; init; }

    public required string Version { get; init; }

    public IRunObserver? Observer { get; init; }

    /// <summary>Told what a user should know of a model that the study names, a line each; null: nobody is.</summary>
    public required Action<string>? Note { get; init; }
}
