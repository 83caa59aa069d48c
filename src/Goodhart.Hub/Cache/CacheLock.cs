namespace Goodhart.Hub.Cache;

/// <summary>Keeps others, the hub's own client among them, from fetching the same blob at the same time.</summary>
/// <remarks>
/// The file of a lock stays. Where a file system has no locks everybody gets one; then what protects a blob is that it is written beside
/// its place, checked and renamed.
/// </remarks>
internal sealed class CacheLock : IDisposable
{
    private const int SharingViolation = unchecked((int)0x80070020);   // Windows
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.1);

    private readonly FileStream file;

    private CacheLock(FileStream file) => this.file = file;

    /// <summary>Waits until nobody else has it.</summary>
    /// <param name="waiting">Is called once, where somebody has.</param>
    public static async Task<CacheLock> TakeAsync(string path, Action waiting, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (bool told = false; ; told = true)
        {
            try
            {
                return new CacheLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException busy) when (busy.HResult is SharingViolation or WouldBlockOnLinux or WouldBlockOnMac)
            {
                if (!told)
                {
                    waiting();
                }

                await Task.Delay(Pause, cancel).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => file.Dispose();
}
