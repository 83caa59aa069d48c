using System.Globalization;
using Goodhart.Steps.Planning;

namespace Goodhart.Studies.Running;

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

    /// <summary>What the process takes before any step.</summary>
    private const long Process = 250_000_000;

    public long Peak => Process + (Step * Workers);

    public bool Fits => Peak <= UsableShare * Machine;

    /// <param name="workers">Null: one to a thread, as far as memory goes.</param>
    /// <param name="memory">What there is.</param>
    public static MemoryNeed Of(long step, int? workers, int threads, DeviceMemory memory)
    {
        long machine = memory.Bytes;
        return new MemoryNeed(step, workers ?? (int)Math.Clamp((long)(UsableShare * machine) / Math.Max(1, step), 1, threads), machine);
    }

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
