using System.Globalization;
using System.Text;

namespace Goodhart.Pipeline;

/// <summary>
/// One attempt at a time at something in a shared folder: at a step that runs by itself (<c>NAME-KEY.lease</c>, beside its future folder),
/// at a judge that is paid.
/// </summary>
/// <remarks>
/// On one host the operating system's lock decides, and a dead process holds none. Locks of a shared folder may not reach another host:
/// there the file's time does, which a living attempt renews; a lease that nobody renewed for <see cref="Life"/> is free. An attempt that
/// finds another one's name in its lease stops: it was given up for dead.
/// </remarks>
public sealed class Lease : IDisposable
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

    private Lease(FileStream file, string path, byte[] own)
    {
        (this.file, this.path, this.own) = (file, path, own);
        Write();
        timer = new Timer(_ => Renew(), null, Renewal, Renewal);
    }

    /// <summary>Cancelled when another attempt has taken over.</summary>
    public CancellationToken Lost => lost.Token;

    /// <param name="target">Path of what is to be done, without the lease's suffix.</param>
    /// <exception cref="StepBusyException">Another attempt is at it.</exception>
    public static Lease Take(string target)
    {
        string path = target + Suffix;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        bool fresh = IsFresh(path);
        FileStream file = ExclusiveFile.Open(path, busy => new StepBusyException(target, Holder(path), busy));
        try
        {
            string holder = Read(file);
            if (fresh && holder.Length > 0 && !holder.StartsWith(Host, StringComparison.Ordinal))
            {
                throw new StepBusyException(target, holder, null);
            }

            string own = string.Create(CultureInfo.InvariantCulture, $"{Host}process {Environment.ProcessId}, {Guid.NewGuid():N}");
            return new Lease(file, path, Encoding.UTF8.GetBytes(own));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether an attempt may be alive: it has given a sign of life, or holds the file on this host.</summary>
    public static bool IsLive(string target)
    {
        string path = target + Suffix;
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using FileStream free = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return IsFresh(path) && !Read(free).StartsWith(Host, StringComparison.Ordinal);   // this host's dead hold no lock
        }
        catch (IOException)
        {
            return File.Exists(path);   // it is held, by a process that may be suspended; or was removed this moment
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        if (IsOwn())
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
            return null;   // where the lock holds readers off too
        }
    }

    private void Renew()
    {
        try
        {
            if (IsOwn())
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

    /// <summary>Another attempt may have written into the file, or put one of its own in its place.</summary>
    private bool IsOwn() => Read(file) == Encoding.UTF8.GetString(own) && File.Exists(path)
        && File.GetLastWriteTimeUtc(path) == File.GetLastWriteTimeUtc(file.SafeFileHandle);

    private void Write()
    {
        file.Position = 0;
        file.Write(own);
        file.SetLength(own.Length);
        file.Flush(flushToDisk: true);
    }
}
