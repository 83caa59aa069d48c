namespace Goodhart.Pipeline.Tests;

public abstract class TemporaryFolder : IDisposable
{
    protected string Folder { get; } = Directory.CreateTempSubdirectory("goodhart-pipeline-").FullName;

    protected static CancellationToken None => CancellationToken.None;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected Runner NewRunner(int workers = 1, IRunObserver? observer = null, StepServices? services = null) => new(new RunnerOptions
    {
        Directory = Folder,
        Workers = workers,
        Threads = 4,
        Observer = observer,
        Services = services ?? new(),
    });

    /// <summary>Names of the folders in steps/, partial ones included.</summary>
    protected string[] Stored() => Directory.Exists(Path.Combine(Folder, "steps"))
        ? [.. Directory.GetDirectories(Path.Combine(Folder, "steps")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Every file of every artifact with its content's hash; of step.json, which holds times, only what was kept.</summary>
    protected static string[] Snapshot(string folder) =>
    [
        .. Directory.GetDirectories(Path.Combine(folder, "steps")).Order(StringComparer.Ordinal).SelectMany(artifact =>
            Directory.GetFiles(artifact).Order(StringComparer.Ordinal).Select(file =>
                $"{Path.GetFileName(artifact)} {Path.GetFileName(file)} " +
                (Path.GetFileName(file) == "step.json" ? "" : new InputFile(file).Sha256))),
    ];
}
