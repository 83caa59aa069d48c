using System.Globalization;
using System.Text.RegularExpressions;

namespace Goodhart.Pipeline.Slurm;

/// <summary>What the jobs of a study ask of Slurm: the keys of <c>slurm:</c> in a study file and of <c>--set slurm.KEY=VALUE</c>.</summary>
/// <remarks>None of them is in a step's key: where a step runs changes no result.</remarks>
public sealed partial record SlurmOptions
{
    private const string PartitionKey = "partition";
    private const string AccountKey = "account";
    private const string QosKey = "qos";
    private const string TimeKey = "time";
    private const string MemoryKey = "memory";
    private const string GpusKey = "gpus";
    private const string FurtherKey = "options";

    /// <summary>The keys there are.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        [PartitionKey, AccountKey, QosKey, TimeKey, MemoryKey, GpusKey, FurtherKey];

    /// <summary>Null: the cluster's default, as for the other texts.</summary>
    public string? Partition { get; private init; }

    public string? Account { get; private init; }

    public string? Qos { get; private init; }

    /// <summary>Time limit of one step; null: the partition's.</summary>
    public TimeSpan? Time { get; private init; }

    /// <summary>Memory of one step, MiB; null: what the step is expected to take.</summary>
    public long? MemoryMegabytes { get; private init; }

    /// <summary>GPUs of one step, as sbatch takes them (<c>1</c>, <c>a100:1</c>); null: what the step asks for.</summary>
    public string? Gpus { get; private init; }

    /// <summary>Further options of sbatch, each one argument.</summary>
    public IReadOnlyList<string> Further { get; private init; } = [];

    /// <summary>GPUs of one step as a number.</summary>
    /// <param name="asked">What the step asks for itself.</param>
    public int GpuCount(int asked) =>
        Gpus is null ? asked : int.Parse(Gpus[(Gpus.LastIndexOf(':') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <exception cref="InvalidDataException">A key is unknown or a value is none of its kind; the message says what was
    /// expected.</exception>
    public static SlurmOptions Of(IReadOnlyDictionary<string, string> settings)
    {
        string? unknown = settings.Keys.Except(Keys).Order(StringComparer.Ordinal).FirstOrDefault();
        return unknown is not null
            ? throw new InvalidDataException($"slurm.{unknown}: unknown. What Slurm is asked for: slurm.{string.Join(", slurm.", Keys)}.")
            : new SlurmOptions
            {
                Partition = Read(settings, PartitionKey, Names(), "names as sinfo lists them, separated by commas"),
                Account = Read(settings, AccountKey, Name(), "an account's name"),
                Qos = Read(settings, QosKey, Name(), "a quality of service by its name"),
                Gpus = Read(settings, GpusKey, GpuNumber(), "a number of GPUs for each step, like 1 or a100:1"),
                Time = Read(settings, TimeKey, Times(), "a limit for each step, like 30 (minutes), 4:00:00 or 1-12:00:00") is { } time
                    ? TimeOf(time)
                    : null,
                MemoryMegabytes = Read(settings, MemoryKey, Amount(), "memory for each step, like 32G or 500M") is { } memory
                    ? MegabytesOf(memory)
                    : null,
                Further = settings.TryGetValue(FurtherKey, out string? further) ? FurtherOf(further) : [],
            };
    }

    private static string? Read(IReadOnlyDictionary<string, string> settings, string key, Regex shape, string expected) =>
        !settings.TryGetValue(key, out string? value) ? null
        : shape.IsMatch(value) ? value
        : throw new InvalidDataException($"slurm.{key}: expected {expected}, found '{value}'.");

    /// <summary>What says which job is which step stays ours.</summary>
    private static string[] FurtherOf(string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? wrong = parts.FirstOrDefault(part => !LongOption().IsMatch(part) || OwnOption().IsMatch(part));
        return wrong is null
            ? parts
            : throw new InvalidDataException(
                $"slurm.{FurtherKey}: expected options of sbatch like --exclude=node7 --nice=100, separated by spaces, and none that "
                + $"goodhart gives itself (job name, array, dependency, output, signal, requeueing, or a key of its own); "
                + $"found '{wrong}'.");
    }

    /// <summary>Slurm's forms: minutes, minutes:seconds, hours:minutes:seconds, days-hours and days-hours:minutes[:seconds].</summary>
    private static TimeSpan TimeOf(string text)
    {
        string[] halves = text.Split('-');
        int[] parts = [.. halves[^1].Split(':').Select(part => int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture))];
        int At(int i) => i < parts.Length ? parts[i] : 0;
        TimeSpan limit = halves.Length == 2
            ? new TimeSpan(int.Parse(halves[0], NumberStyles.None, CultureInfo.InvariantCulture), At(0), At(1), At(2))
            : parts.Length == 3 ? new TimeSpan(At(0), At(1), At(2))
            : new TimeSpan(0, At(0), At(1));
        return limit > TimeSpan.Zero
            ? limit
            : throw new InvalidDataException($"slurm.{TimeKey}: expected a limit above zero, found '{text}'.");
    }

    private static long MegabytesOf(string text)
    {
        long number = long.Parse(text.AsSpan().TrimEnd("KMGT"), NumberStyles.None, CultureInfo.InvariantCulture);
        long megabytes = text[^1] switch
        {
            'K' => number / 1024,
            'G' => number * 1024,
            'T' => number * 1024 * 1024,
            _ => number,
        };
        return megabytes > 0
            ? megabytes
            : throw new InvalidDataException($"slurm.{MemoryKey}: expected at least 1M, found '{text}'.");
    }

    [GeneratedRegex(@"^[\w.+-]+$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[\w.+-]+(,[\w.+-]+)*$")]
    private static partial Regex Names();

    [GeneratedRegex(@"^([\w.-]+:)?\d{1,3}$")]
    private static partial Regex GpuNumber();

    [GeneratedRegex(@"^(\d{1,5}|\d{1,5}:\d\d|\d{1,4}:\d\d:\d\d|\d{1,3}-\d{1,2}(:\d\d){0,2})$")]
    private static partial Regex Times();

    [GeneratedRegex(@"^\d{1,9}[KMGT]?$")]
    private static partial Regex Amount();

    [GeneratedRegex(@"^--[a-z][a-z-]*(=\S+)?$")]
    private static partial Regex LongOption();

    [GeneratedRegex("^--(job-name|array|dependency|output|error|open-mode|signal|requeue|no-requeue|kill-on-invalid-dep|parsable|wait|wrap"
        + "|chdir|nodes|ntasks|cpus-per-task|partition|account|qos|time|mem|gpus|test-only)(=|$)")]
    private static partial Regex OwnOption();
}
