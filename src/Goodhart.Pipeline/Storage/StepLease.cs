using System.Globalization;
using System.Text;

namespace Goodhart.Pipeline;

/// <summary>One attempt at a time at a step that runs by itself: <c>NAME-KEY.lease</c>, beside its future folder.</summary>
/// <remarks>
/// On one host the operating system's lock decides, and a dead process holds none. Locks of a shared folder may not reach another host:
/// there the file's time does, which a living attempt renews; a lease that nobody renewed for <see cref="Life"/> is free. An attempt that
/// finds another one's name in its lease stops: it was given up for dead.
/// </remarks>
internal sealed class StepLease : IDisposable
{
    public const string Suffix = ".lease";

    /// <summary>Several times what a renewal may be late.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    private readonly FileStream file;
    private readonly string path;
    private readonly byte[] own;
    private readonly CancellationTokenSource lost = new();
    private readonly Timer timer;

    private StepLease(FileStream file, string path, byte[] own)
    {
        (this.file, this.path, this.own) = (file, path, own);
        Write();
        timer = new Timer(_ => Renew(), null, Renewal, Renewal);
    }

    /// <summary>Cancelled when another attempt has taken over.</summary>
    public CancellationToken Lost => lost.Token;

    /// <param name="artifact">The folder that the step will be stored in.</param>
    /// <exception cref="StepBusyException">Another attempt is at it.</exception>
    public static StepLease Take(string artifact)
    {
        string path = artifact + Suffix;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        bool fresh = IsFresh(path);
        FileStream file = ExclusiveFile.Open(path, busy => new StepBusyException(artifact, Holder(path), busy));
        try
        {
            string holder = Read(file);
            if (fresh && holder.Length > 0 && !holder.StartsWith(Host, StringComparison.Ordinal))
            {
                throw new StepBusyException(artifact, holder, null);
            }

            string own = string.Create(CultureInfo.InvariantCulture, $"{Host}process {Environment.ProcessId}, {Guid.NewGuid():N}");
            return new StepLease(file, path, Encoding.UTF8.GetBytes(own));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether an attempt may be alive.</summary>
    public static bool IsLive(string artifact) => IsFresh(artifact + Suffix);

    public void Dispose()
    {
        timer.Dispose();
        if (!lost.IsCancellationRequested)
        {
            File.Delete(path);
        }

        file.Dispose();
        lost.Dispose();
    }

    private static string Host => $"host {Environment.MachineName}, ";

    private static bool IsFresh(string path) => File.Exists(path) && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) < Life;

    private static string Read(FileStream file)
    {
        byte[] bytes = new byte[file.Length];
        file.Position = 0;
        file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static string? Holder(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;   // where locks hold readers off too
        }
    }

    private void Renew()
    {
        try
        {
            if (Read(file) == Encoding.UTF8.GetString(own))
            {
                Write();
            }
            else
            {
                lost.Cancel();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The next renewal tries again; a minute of them that fail gives the lease up.
        }
    }

    private void Write()
    {
        file.Position = 0;
        file.Write(own);
        file.SetLength(own.Length);
        file.Flush(flushToDisk: true);
    }
}
