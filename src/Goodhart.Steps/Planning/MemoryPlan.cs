using System.Globalization;
using Goodhart.Models.Adapters;

namespace Goodhart.Steps.Planning;

/// <summary>What a run takes of the memory it is planned for, and, where that is too much, what would take less.</summary>
/// <param name="Bytes">At the peak: the program's own too, where it shares the memory.</param>
/// <param name="Savings">Empty where it fits.</param>
public sealed record MemoryPlan(DeviceMemory Memory, long Bytes, MemoryUse Use, IReadOnlyList<MemorySaving> Savings)
{
    private const int SmallRank = 8;

    public bool Fits => Bytes <= Memory.Usable;

    /// <param name="measure">What a choice takes.</param>
    /// <param name="shortest">Rows of the longest tree: a smaller budget saves nothing.</param>
    /// <param name="trainsAdapter">Whether an adapter is trained already.</param>
    public static MemoryPlan Of(
        MemoryChoice choice, Func<MemoryChoice, MemoryUse> measure, int shortest, bool trainsAdapter)
    {
        DeviceMemory memory = choice.Device;
        MemoryUse use = measure(choice);
        MemoryPlan plan = new(memory, Total(use), use, []);
        return plan.Fits ? plan : plan with { Savings = [.. Savings()] };

        long Total(MemoryUse some) => some.Bytes + (memory.IsHost ? memory.Working.Program : 0);

        IEnumerable<MemorySaving> Savings()
        {
            MemoryChoice all = choice;
            List<string> names = [];
            foreach ((string name, Func<MemoryChoice, MemoryChoice> change) in Changes())
            {
                names.Add(name);
                all = change(all);
                yield return new MemorySaving(name, Total(measure(change(choice))));
                if (names.Count > 1)
                {
                    yield return new MemorySaving(string.Join(" ", names), Total(measure(all)));
                }
            }
        }

        IEnumerable<(string Name, Func<MemoryChoice, MemoryChoice> Change)> Changes()
        {
            if (!choice.Memory.ActivationCheckpointing)
            {
                yield return ("--activation-checkpointing", some => some with
                {
                    Memory = some.Memory with { ActivationCheckpointing = true },
                });
            }

            if (shortest < choice.RowBudget)
            {
                yield return (FormattableString.Invariant($"--row-budget {shortest}"), some => some with { RowBudget = shortest });
            }

            if (!memory.IsHost && !choice.Memory.OffloadsOptimizer)
            {
                yield return ("--offload optimizer", some => some with { Memory = some.Memory with { OffloadsOptimizer = true } });
            }

            if (!trainsAdapter)
            {
                yield return (FormattableString.Invariant($"--lora r={SmallRank}"), some => some with
                {
                    Lora = new LoraConfig { Rank = SmallRank },
                });
            }
        }
    }

    /// <exception cref="InvalidDataException">It does not fit; the message says what would.</exception>
    public void Require()
    {
        if (!Fits)
        {
            throw new InvalidDataException(ToString());
        }
    }

    public override string ToString()
    {
        string parts = string.Join(
            ", ", Use.Parts.OrderByDescending(part => part.Value).Select(part => $"{part.Key} {Gigabytes(part.Value)}"));
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"memory: {Gigabytes(Bytes)} GB at the peak ({parts}"
                + $"{(Memory.IsHost ? $", program {Gigabytes(Memory.Working.Program)}" : "")}); "
                + $"{Memory.Place} has {Gigabytes(Memory.Bytes)} GB{(Fits ? "." : ", of which a tenth is left free: too little.")}");
        return Savings.Count == 0 ? text : text + "\n" + string.Join("\n", Savings.Select(
            saving => $"  {saving.Options}: {Gigabytes(saving.Bytes)} GB{(saving.Bytes <= Memory.Usable ? ", which fits" : "")}"));
    }

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>What a run would take with other options.</summary>
public sealed record MemorySaving(string Options, long Bytes);
