namespace Goodhart.Cli.Bench.Work;

/// <summary>A kind of work that can be measured.</summary>
internal abstract class BenchWork
{
    /// <summary>In the order in which they are measured.</summary>
    public static IReadOnlyList<BenchWork> All { get; } =
    [
        new DpoWork(), new SftWork(), new PretrainWork(), new RewardWork(), new PpoWork(), new ScoreWork(), new KlWork(), new SampleWork(),
    ];

    /// <summary>Those measured where none is named.</summary>
    public static string Usual => "dpo,sft,score,sample";

    public abstract string Name { get; }

    /// <summary>Gradients and optimizer state are held.</summary>
    public abstract bool Trains { get; }

    /// <summary>What is measured of it, each with a row of its own.</summary>
    public abstract IEnumerable<WorkPart> Parts(WorkSetting setting);

    /// <exception cref="ArgumentException">No such kind; the message lists them.</exception>
    public static BenchWork Named(string name) => All.FirstOrDefault(work => work.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"--work: expected {string.Join(", ", All.Select(work => work.Name))}, found '{name}'.");
}
