namespace Goodhart.Pipeline;

/// <summary>One writer per study folder.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream file;

    private DirectoryLock(FileStream file) => this.file = file;

    /// <exception cref="FolderInUseException">Another process, or another run in this one, holds the folder.</exception>
    public static DirectoryLock Take(string directory) => new(ExclusiveFile.Open(
        Path.Combine(directory, ".lock"), busy => new FolderInUseException(directory, busy)));

    public void Dispose() => file.Dispose();
}
