using System.Globalization;
using Goodhart.Engine;
using Goodhart.Steps.Planning;

namespace Goodhart.Studies.Running;

/// <summary>Steps of a study in processes of their own, side by side on this machine.</summary>
/// <param name="MemoryBytes">That all of them may take; null: what the machine has.</param>
/// <param name="Gpus">One for each process; 0: they compute on the host.</param>
public sealed record WorkerProcesses(long? MemoryBytes, int Gpus);

/// <summary>Memory that a study takes at its peak, about, and what the machine has; bytes.</summary>
/// <param name="Step">Of the largest step.</param>
/// <param name="Workers">Steps side by side.</param>
/// <param name="Machine">What the process may use.</param>
public sealed record MemoryNeed(long Step, int Workers, long Machine)
{
    /// <summary>Left to the rest of the machine, and to what the estimate does not know of.</summary>
    private const double UsableShare = 0.9;

    /// <summary>What adapters save; null where weights are trained.</summary>
    public AdapterMemory? Adapters { get; init; }

    /// <summary>What a process takes before any step, on a device that brings no library.</summary>
    private const long OwnProcess = 250_000_000;

    /// <summary>What a process takes before any step.</summary>
    private long Process { get; init; } = OwnProcess;

    /// <summary>Whether each of the steps side by side is in a process of its own.</summary>
    public bool Apart { get; init; }

    public long Peak => Apart ? Process + ((Process + Step) * Workers) : Process + (Step * Workers);

    public bool Fits => Peak <= Usable;

    /// <param name="workers">Null: one to a thread, as far as memory goes.</param>
    /// <param name="memory">What there is.</param>
    /// <param name="processes">Those that steps run in; null: this one.</param>
    public static MemoryNeed Of(long step, int? workers, int threads, DeviceMemory memory, WorkerProcesses? processes = null)
    {
        long process = OwnProcess + (memory.IsHost ? memory.Working.Program - WorkingMemory.Small.Program : 0);
        long machine = processes?.MemoryBytes ?? (memory.Bytes * Math.Max(1, processes?.Gpus ?? 1));
        long most = processes is { Gpus: > 0 } ? processes.Gpus : threads;
        long usable = (long)(UsableShare * machine) - (processes is null ? 0 : process);
        long each = step + (processes is null ? 0 : process);
        return new MemoryNeed(step, workers ?? (int)Math.Clamp(usable / Math.Max(1, each), 1, most), machine)
        {
            Apart = processes is { Gpus: 0 },
            Process = process,
        };
    }

    /// <summary>What steps side by side may take of it.</summary>
    public long Usable => (long)(UsableShare * Machine);

    /// <summary>Of a process that runs one step.</summary>
    public long Alone => Process + Step;

    /// <exception cref="InvalidDataException">It does not fit.</exception>
    public void Require()
    {
        if (!Fits)
        {
            throw new InvalidDataException(
                $"{this} Use smaller models{(Workers > 1 ? " or fewer --workers" : "")}, say --activation-checkpointing, train adapters "
                    + "(align.lora), or start all the same with --over-memory.");
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"memory: about {Gigabytes(Step)} GB for the largest step, {Gigabytes(Peak)} GB for {Workers} side by side; this machine has "
            + $"{Gigabytes(Machine)} GB{(Fits ? "." : ": too little.")}");

    private static string Gigabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e9:0.0}");
}
