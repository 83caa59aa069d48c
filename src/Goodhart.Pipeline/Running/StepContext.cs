namespace Goodhart.Pipeline;

/// <summary>What a running step may use: its inputs' artifacts, a folder to write to, threads and services.</summary>
public sealed class StepContext
{
    private readonly Runner runner;
    private readonly PlannedStep planned;
    private readonly Action<ProgressReport> progress;
    private readonly Action<IReadOnlyDictionary<string, double>> metrics;
    private readonly Dictionary<Type, (object Service, Action Release)> services = [];
    private readonly List<LineFile> lines = [];

    internal StepContext(
        Runner runner,
        PlannedStep planned,
        string outputDirectory,
        int threads,
        Action<ProgressReport> progress,
        Action<IReadOnlyDictionary<string, double>> metrics)
    {
        this.runner = runner;
        this.planned = planned;
        this.progress = progress;
        this.metrics = metrics;
        OutputDirectory = outputDirectory;
        Threads = threads;
    }

    public Step Step => planned.Step;

    /// <summary>Files written here become part of the artifact when the step returns; if it throws, they vanish.</summary>
    public string OutputDirectory { get; }

    /// <summary>Compute threads the step may use: all when it runs alone, its share otherwise. Results never depend on it.</summary>
    public int Threads { get; }

    /// <summary>
    /// A file of the artifact that is written line by line. What this step had written when it was interrupted is there again.
    /// </summary>
    /// <param name="file">Name inside <see cref="OutputDirectory"/>, where it appears when the step returns.</param>
    /// <param name="linesPerItem">Lines that belong together: of an item that is not whole nothing is kept.</param>
    public ILines Lines(string file, int linesPerItem = 1)
    {
        LineFile opened = runner.OpenLines(planned.Identity, file, linesPerItem);
        lines.Add(opened);
        return opened;
    }

    /// <summary>The result of an input step. Shared with other readers: never change it.</summary>
    /// <exception cref="InvalidDataException">The stored artifact is damaged.</exception>
    public T Get<T>(Step<T> input) => runner.ReadStored<T>(Input(input));

    /// <summary>The folder with the files of an input step. Read only.</summary>
    public string DirectoryOf(Step input) => runner.FolderOf(Input(input));

    /// <summary>Full path of a file that an input step wrote.</summary>
    public string FileOf(Step input, string file)
    {
        string path = Path.Combine(DirectoryOf(input), file);
        return Path.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"{input.Name} holds no {file}. If it is one of its disposable files, {planned.Name} must list it in its Needs.", path);
    }

    /// <summary>A service registered with the run's <see cref="StepServices"/>; a leased one is this step's own until it ends.</summary>
    public T Service<T>()
        where T : class
    {
        lock (services)
        {
            if (!services.TryGetValue(typeof(T), out (object Service, Action Release) entry))
            {
                entry = runner.Services.Acquire(typeof(T), this);
                services.Add(typeof(T), entry);
            }

            return (T)entry.Service;
        }
    }

    /// <summary>Tells how far the step is. Call as often as you like: the event log keeps about one a second.</summary>
    public void Report(ProgressReport report) => progress(report);

    /// <summary>Appends values to the event log, every call: a point of a training curve, an evaluation.</summary>
    public void Record(IReadOnlyDictionary<string, double> metrics) => this.metrics(metrics);

    /// <summary>Closes what the step had open, however it ended.</summary>
    internal void Release()
    {
        lines.ForEach(file => file.Dispose());
        foreach ((_, Action release) in services.Values)
        {
            release();
        }
    }

    private StepIdentity Input(Step input)
    {
        StepIdentity identity = runner.Identify(input);
        return planned.Inputs.Any(known => known.Identity.Hash == identity.Hash)
            ? identity
            : throw new InvalidOperationException(
                $"{planned.Name} reads {input.Name}, which is none of its inputs: its key would not change with it. Make it a property.");
    }
}
