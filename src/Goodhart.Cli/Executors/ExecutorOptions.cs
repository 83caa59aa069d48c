using System.CommandLine;
using System.CommandLine.Parsing;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Parsing;
using Goodhart.Pipeline;
using Goodhart.Studies.Running;

namespace Goodhart.Cli.Executors;

/// <summary>Who runs a study's steps.</summary>
internal sealed class ExecutorOptions
{
    private const double Gigabyte = 1e9;

    private static readonly string[] Names = [ExecutorChoice.InProcess, .. ExecutorChoice.All.Select(choice => choice.Name)];

    private readonly Option<string> executor = TextOption.Of(
        "--executor", string.Join('|', Names), ExecutorChoice.InProcess,
        "Who runs the steps: this process, the fastest for small models; or local, worker processes of this machine, with a "
            + "GPU each on --device cuda: what kills one fails its step alone, and the rest is done; or slurm, jobs of a cluster "
            + "that shares the study's folder, with what --set slurm.KEY=VALUE asks for (partition, account, qos, time, memory, gpus, "
            + "options).");

    private readonly Option<int?> retries = NumberOption.OrNone(
        "--retries", NumberRule.Whole(0, 2),
        "With an executor: how often a step is tried again whose process died (default 1). One that fails by itself is not.");

    private readonly Option<double?> memory = NumberOption.Above0OrNone(
        "--memory", "With --executor local: GB that the workers may take together. Default: the machine's.");

    public ExecutorOptions() => executor.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: { } name }] && !Names.Contains(name))
        {
            result.AddError($"{executor.Name}: expected one of {string.Join(", ", Names)}, found '{name}'. Example: {executor.Name} local");
        }
    });

    public IReadOnlyList<Option> All => [executor, retries, memory];

    /// <summary>Null: this process runs them.</summary>
    public ExecutorChoice? Choice(ParseResult parse) => Choice(parse.GetValue(executor));

    /// <summary>Whether steps are jobs of a cluster.</summary>
    public bool IsSlurm(ParseResult parse) => Choice(parse)?.Name == ExecutorChoice.OfSlurm;

    public bool IsChosen(CommandResult result) => Choice(result.GetValue(executor)) is not null;

    /// <remarks>No validator of the command: where that fails, mistakes in other options are not told.</remarks>
    /// <exception cref="ArgumentException">The chosen executor has no such option.</exception>
    public void Require(ParseResult parse)
    {
        ExecutorChoice? choice = Choice(parse);
        if (choice is null && parse.GetValue(retries) is not null)
        {
            throw new ArgumentException(
                $"{retries.Name} is for an {executor.Name}: in one process a death ends the run, and running again resumes.");
        }

        if (choice is not { SharesMachine: true } && parse.GetValue(memory) is not null)
        {
            throw new ArgumentException($"{memory.Name} is for {executor.Name} local.");
        }
    }

    /// <summary>The processes that a study's steps run in; null: not of this machine, or this one.</summary>
    /// <exception cref="InvalidDataException">The device cannot be shared out like this.</exception>
    public WorkerProcesses? Processes(ParseResult parse, DeviceOptions device, int? workers)
    {
        if (Choice(parse) is not { SharesMachine: true })
        {
            return null;
        }

        int gpus = device.Gpus(parse).Count;
        if (gpus > 0 && (parse.GetValue(memory) is not null || workers > gpus))
        {
            throw new InvalidDataException(
                workers > gpus
                    ? $"--workers {workers}: each worker takes a GPU, and there are {gpus}."
                    : $"{memory.Name} is for workers that compute on the host; here each has a GPU for itself.");
        }

        return new WorkerProcesses(parse.GetValue(memory) is { } gigabytes ? (long)(gigabytes * Gigabyte) : null, gpus);
    }

    /// <summary>Null: this process runs the steps.</summary>
    /// <param name="settings">Those of the study's file and all of <c>--set</c>; of two of the same key the later one holds.</param>
    /// <param name="note">Told how things stand with the executor; null: nobody is.</param>
    public TaskExecution? Execution(
        ParseResult parse, DeviceOptions device, IEnumerable<string> settings, MemoryNeed need, TaskTemplate template,
        Action<string>? note) =>
        Choice(parse) is not { } choice
            ? null
            : new TaskExecution(
                choice.Create(new ExecutorRequest(
                    choice.Name, OfExecutor(settings, choice.Name), parse.GetValue(retries) ?? 1, device.Threads(parse),
                    choice.SharesMachine ? device.Gpus(parse) : [], need, template, note)),
                template);

    /// <summary>The settings that are the study's.</summary>
    /// <exception cref="InvalidDataException">One is of another executor than the chosen one.</exception>
    public IEnumerable<string> OfStudy(ParseResult parse, IEnumerable<string> settings)
    {
        foreach (string setting in settings)
        {
            ExecutorChoice? owner = ExecutorChoice.All.FirstOrDefault(choice => IsOf(choice.Name, setting));
            if (owner is null)
            {
                yield return setting;
            }
            else if (owner != Choice(parse))
            {
                throw new InvalidDataException($"--set {setting}: this is a setting of {executor.Name} {owner.Name}.");
            }
        }
    }

    private static ExecutorChoice? Choice(string? name) => ExecutorChoice.All.FirstOrDefault(choice => choice.Name == name);

    private static bool IsOf(string name, string setting) => setting.StartsWith(name + ".", StringComparison.Ordinal);

    /// <summary>Settings of one executor, by key; of two of the same key the later one holds.</summary>
    /// <param name="name">The executor's.</param>
    /// <exception cref="InvalidDataException">One is not of the form NAME.key=value.</exception>
    public static IReadOnlyDictionary<string, string> OfExecutor(IEnumerable<string> settings, string name)
    {
        Dictionary<string, string> own = new(StringComparer.Ordinal);
        foreach (string setting in settings.Where(setting => IsOf(name, setting)))
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                throw new InvalidDataException($"--set {setting}: expected {name}.key=value.");
            }

            own[setting[(name.Length + 1)..equals].Trim()] = setting[(equals + 1)..].Trim();
        }

        return own;
    }
}
