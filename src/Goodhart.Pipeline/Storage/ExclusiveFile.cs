namespace Goodhart.Pipeline;

/// <summary>Opens a file for one process alone. The operating system holds the lock, so a dead process never leaves one behind.</summary>
internal static class ExclusiveFile
{
    private const int Attempts = 10;

    /// <remarks>
    /// Waits a little before it refuses: a process that is being started holds copies of its parent's open files for a moment, released
    /// locks among them.
    /// </remarks>
    /// <param name="refused">What to throw where another process, or another run in this one, has the file.</param>
    public static FileStream Open(string path, Func<IOException, Exception> refused)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException busy)
                when (File.Exists(path) || (attempt < Attempts && busy is not (DirectoryNotFoundException or PathTooLongException)))
            {
                // Where there is no such file any more, its holder has removed it this moment: a lease that ends.
                if (attempt == Attempts)
                {
                    throw refused(busy);
                }

                Thread.Sleep(50);
            }
        }
    }
}
