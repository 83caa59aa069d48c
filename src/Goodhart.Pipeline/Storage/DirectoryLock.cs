namespace Goodhart.Pipeline;

/// <summary>One writer per study folder. The operating system holds the lock, so a dead process never leaves one behind.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private const int Attempts = 10;

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <remarks>
    /// Waits a little before it refuses: a process that is being started holds copies of its parent's open files for a moment, released
    /// locks among them.
    /// </remarks>
    /// <exception cref="IOException">Another process, or another run in this one, holds the folder.</exception>
    public static DirectoryLock Take(string directory)
    {
        string path = Path.Combine(directory, ".lock");
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path) && attempt < Attempts)
            {
                Thread.Sleep(50);
            }
            catch (IOException busy) when (File.Exists(path))
            {
                throw new IOException(
                    $"{directory} is in use by another run. Wait for it to end, stop it, or give this run a folder of its own (--out).", busy);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
